CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, power numeric(8,1), active text NOT NULL);
COMMENT ON TABLE users IS 'Machines that use electricity. No people: those are in t_pers';
COMMENT ON COLUMN users.name IS 'name of the hall that the machine stands in, not of the machine';
COMMENT ON COLUMN users.power IS 'rated power in watts';
COMMENT ON COLUMN users.active IS 'A = scrapped, B = running, C = in repair';
INSERT INTO users VALUES
    (1, 'Hall West', 5500.0, 'B'), (2, 'Hall West', 1500.0, 'A'), (3, 'Hall East', 3000.0, 'B'), (4, 'Yard', NULL, 'C');

CREATE TABLE t_pers (
    pnr integer PRIMARY KEY, bez text NOT NULL, dat date, ende date, betrag integer, chef integer REFERENCES t_pers
);
COMMENT ON TABLE t_pers IS 'People who work here, or did';
COMMENT ON COLUMN t_pers.bez IS 'full name of the person';
COMMENT ON COLUMN t_pers.dat IS 'date of birth';
COMMENT ON COLUMN t_pers.ende IS 'last day of work; NULL while employed';
COMMENT ON COLUMN t_pers.betrag IS 'monthly salary in cents';
COMMENT ON COLUMN t_pers.chef IS 'who this person reports to';
INSERT INTO t_pers VALUES
    (1, 'Ada Kern', '1970-01-01', NULL, 510050, NULL), (2, 'Ben Lund', '1980-05-05', NULL, 320000, 1),
    (3, 'Cy Moor', '1990-09-09', '2020-12-31', 990000, 1), (4, 'Di Noel', '1985-02-28', NULL, 320000, 2);

CREATE TABLE orders (id integer PRIMARY KEY, customer text NOT NULL, total integer NOT NULL, paid date);
COMMENT ON TABLE orders IS 'What we order from suppliers. What customers order from us is in t_auf';
COMMENT ON COLUMN orders.customer IS 'the supplier';
COMMENT ON COLUMN orders.total IS 'number of parcels';
INSERT INTO orders VALUES (1, 'Steel AG', 3, NULL), (2, 'Wire Ltd', 7, '2025-01-01');

CREATE TABLE t_auf (nr integer PRIMARY KEY, kd text NOT NULL, wert integer NOT NULL, stat integer NOT NULL);
COMMENT ON TABLE t_auf IS 'Sales orders: what customers order from us';
COMMENT ON COLUMN t_auf.kd IS 'name of the customer';
COMMENT ON COLUMN t_auf.wert IS 'value in cents';
COMMENT ON COLUMN t_auf.stat IS '1 = offer, 2 = ordered, 3 = delivered, 9 = cancelled';
INSERT INTO t_auf VALUES (1, 'Nord GmbH', 100050, 3), (2, 'Süd & Söhne', 50000, 9), (3, 'Nord GmbH', 25, 2),
    (4, 'Süd & Söhne', 20000, 3), (5, 'Ost', 999999, 1);
