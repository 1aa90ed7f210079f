CREATE TABLE customers (
    id integer PRIMARY KEY,
    name text NOT NULL,
    email text,
    city text,
    born date,
    newsletter boolean,
    joined_at timestamptz NOT NULL
);
INSERT INTO customers VALUES
    (1, 'Jürgen Müller', 'juergen@example.org', 'München', '1960-03-02', true, '2024-01-31 23:30:00+00'),
    (2, 'Chloé O''Neill', NULL, 'Lyon', '1999-12-31', NULL, '2024-02-01 00:15:00+00'),
    (3, 'Zoë "Zee" van Dijk', 'zoe@example.org', 'Utrecht', NULL, false, '2024-06-15 12:00:00+00'),
    (4, 'Müller, Jürgen', 'jm@example.com', 'München', '1985-07-19', true, '2025-01-01 00:00:00+00'),
    (5, 'NULL', 'null@example.com', NULL, '1971-05-05', false, '2025-03-30 01:30:00+00'),
    (6, 'Ana Peña', 'ana@example.es', 'Lyon', '1999-12-31', true, '2025-11-02 05:30:00+00');

CREATE TABLE products (
    sku text PRIMARY KEY,
    title text NOT NULL,
    category text,
    price numeric(10,2) NOT NULL,
    stock integer NOT NULL
);
COMMENT ON COLUMN products.price IS 'in euro, with 19 percent VAT';
INSERT INTO products VALUES
    ('A-1', 'Kettle', 'kitchen', 29.90, 12),
    ('A-2', 'Toaster', 'kitchen', 49.90, 0),
    ('B-1', 'Lamp "Größe L"', 'light', 49.90, 3),
    ('B-2', 'Bulb', 'light', 1.10, 400),
    ('C-1', 'Drop table; --', NULL, 10.00, 1);

CREATE TABLE orders (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers,
    total numeric(10,2) NOT NULL CHECK (total >= 0),
    status text NOT NULL CHECK (status IN ('open', 'paid', 'shipped', 'cancelled')),
    placed_at timestamptz NOT NULL
);
INSERT INTO orders VALUES
    (100, 1, 79.80, 'paid', '2025-01-10 09:00:00+00'),
    (101, 1, 0.30, 'shipped', '2025-02-28 23:30:00+00'),
    (102, 3, 49.90, 'open', '2025-03-01 10:00:00+00'),
    (103, 3, 0.10, 'paid', '2025-03-31 22:30:00+00'),
    (104, 4, 1250.00, 'cancelled', '2025-04-01 00:00:00+00'),
    (105, 6, 0.20, 'paid', '2025-04-15 08:00:00+00');

CREATE TABLE order_lines (
    order_id integer NOT NULL REFERENCES orders,
    line integer NOT NULL,
    sku text NOT NULL REFERENCES products,
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, line)
);
INSERT INTO order_lines VALUES
    (100, 1, 'A-1', 1), (100, 2, 'A-2', 1), (102, 1, 'B-1', 1), (103, 1, 'B-2', 10), (105, 1, 'B-2', 2),
    (104, 1, 'A-1', 40);

CREATE TABLE "Straßen-Liste" ("Straße" text PRIMARY KEY, "Länge (km)" numeric(6,2), "select" integer);
INSERT INTO "Straßen-Liste" VALUES ('Ölgasse', 0.75, 2), ('Am "Tor"', 1.20, 1), ('Übersteig', 12.00, 3);

CREATE TABLE payments (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    amount numeric(10,2) NOT NULL,
    paid_on date NOT NULL
);
COMMENT ON TABLE payments IS 'money that came in';
INSERT INTO payments VALUES
    (1, 100, 79.80, CURRENT_DATE),
    (2, 101, 0.30, CURRENT_DATE - 6),
    (3, 103, 0.10, CURRENT_DATE - 400),
    (4, 105, 0.20, date_trunc('month', CURRENT_DATE)::date - 1);
