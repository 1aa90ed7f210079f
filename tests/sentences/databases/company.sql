DO $$
DECLARE
    area text;
    thing text;
BEGIN
    FOREACH area IN ARRAY ARRAY['crm', 'fin', 'hr', 'log', 'mfg', 'mkt', 'prj', 'qa', 'srv', 'wh'] LOOP
        FOREACH thing IN ARRAY ARRAY['account', 'address', 'agreement', 'alert', 'attachment', 'audit', 'batch',
            'budget', 'calendar', 'campaign', 'channel', 'comment', 'contact', 'device', 'document', 'event',
            'form', 'group', 'import', 'inspection', 'job', 'location', 'note', 'period', 'policy', 'queue', 'rule',
            'session', 'template'] LOOP
            EXECUTE format(
                'CREATE TABLE %I (id integer PRIMARY KEY, name text, state text, created_at timestamptz)',
                area || '_' || thing);
        END LOOP;
    END LOOP;
END $$;
CREATE TABLE hr_employee (
    id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, team_id integer, hired_on date NOT NULL
);
CREATE TABLE hr_team (id integer PRIMARY KEY, title text NOT NULL);
ALTER TABLE hr_employee ADD FOREIGN KEY (team_id) REFERENCES hr_team;
CREATE TABLE hr_absence (
    employee_id integer NOT NULL REFERENCES hr_employee, kind text NOT NULL, first_day date NOT NULL,
    last_day date NOT NULL, PRIMARY KEY (employee_id, first_day)
);
COMMENT ON TABLE hr_absence IS 'Days on which somebody does not work; first and last day both count';
COMMENT ON COLUMN hr_absence.kind IS 'V = vacation, S = sick, T = training';
CREATE TABLE fin_invoice (
    id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES crm_account, net numeric(12,2) NOT NULL,
    vat_rate numeric(4,2) NOT NULL, due_on date NOT NULL, settled_on date
);
COMMENT ON COLUMN fin_invoice.vat_rate IS 'percent';
CREATE TABLE fin_reminder (
    invoice_id integer NOT NULL REFERENCES fin_invoice, level integer NOT NULL, sent_on date NOT NULL,
    PRIMARY KEY (invoice_id, level)
);
CREATE TABLE wh_item (id integer PRIMARY KEY, label text NOT NULL, minimum integer NOT NULL);
CREATE TABLE wh_stock (
    item_id integer NOT NULL REFERENCES wh_item, location_id integer NOT NULL REFERENCES wh_location,
    pieces integer NOT NULL, PRIMARY KEY (item_id, location_id)
);
CREATE TABLE srv_ticket (id integer PRIMARY KEY, subject text NOT NULL, opened_at timestamptz, closed_at timestamptz);
CREATE TABLE prj_hours (employee_id integer REFERENCES hr_employee, day date, hours numeric(4,2));
CREATE TABLE log_shipment (id integer PRIMARY KEY, invoice_id integer REFERENCES fin_invoice, left_on date);
INSERT INTO hr_team VALUES (1, 'Sales'), (2, 'Development'), (3, 'Legal');
INSERT INTO hr_employee VALUES
    (1, 'Ina', 'Voss', 1, '2019-05-01'), (2, 'Ole', 'Voss', 2, '2021-02-01'), (3, 'Pia', 'Abt', 2, '2017-10-15'),
    (4, 'Quy', 'Le', NULL, '2024-01-01');
INSERT INTO hr_absence VALUES
    (1, 'V', '2025-08-01', '2025-08-14'), (1, 'S', '2025-01-07', '2025-01-07'), (2, 'V', '2025-12-29', '2026-01-02'),
    (3, 'T', '2025-03-03', '2025-03-05');
INSERT INTO crm_account VALUES (1, 'Acme', 'active', now()), (2, 'Bolt & Co', 'active', now());
INSERT INTO fin_invoice VALUES
    (1, 1, 100.00, 19.00, CURRENT_DATE - 30, CURRENT_DATE - 10), (2, 1, 200.10, 7.00, CURRENT_DATE - 1, NULL),
    (3, 2, 50.00, 19.00, CURRENT_DATE, NULL), (4, 2, 80.00, 19.00, CURRENT_DATE - 45, NULL);
INSERT INTO wh_location (id, name) VALUES (1, 'North'), (2, 'South');
INSERT INTO wh_item VALUES (1, 'Bolt', 100), (2, 'Nut', 10), (3, 'Washer', 5);
INSERT INTO wh_stock VALUES (1, 1, 60), (1, 2, 30), (2, 1, 10);
