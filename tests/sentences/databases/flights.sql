INSERT INTO airlines VALUES
    ('AA', 'American Airlines Inc.'), ('B6', 'JetBlue Airways'), ('UA', 'United Air Lines Inc.'),
    ('F9', 'Frontier Airlines Inc.');
INSERT INTO airports VALUES
    ('EWR', 'Newark Liberty Intl', 40.6925, -74.168667, 18, -5, 'A', 'America/New_York'),
    ('JFK', 'John F Kennedy Intl', 40.639751, -73.778925, 13, -5, 'A', 'America/New_York'),
    ('LGA', 'La Guardia', 40.777245, -73.872608, 22, -5, 'A', 'America/New_York'),
    ('LAX', 'Los Angeles Intl', 33.942536, -118.408075, 126, -8, 'A', 'America/Los_Angeles'),
    ('HNL', 'Honolulu Intl', 21.318681, -157.922428, 13, -10, 'N', 'Pacific/Honolulu'),
    ('ORD', 'Chicago Ohare Intl', 41.978603, -87.904842, 668, -6, 'A', 'America/Chicago');
INSERT INTO planes VALUES
    ('N100', 1999, 'Fixed wing multi engine', 'BOEING', '737-824', 2, 149, NULL, 'Turbo-fan'),
    ('N200', NULL, 'Fixed wing multi engine', 'AIRBUS', 'A320-232', 2, 200, NULL, 'Turbo-fan'),
    ('N300', 2011, 'Fixed wing multi engine', 'AIRBUS INDUSTRIE', 'A321', 2, 199, 450, 'Turbo-fan');
INSERT INTO flights VALUES
    (2013, 1, 1, 517, 515, 2, 830, 819, 11, 'UA', 1545, 'N100', 'EWR', 'LAX', 340, 2454, 5, 15, '2013-01-01 10:00+00'),
    (2013, 1, 1, 600, 600, 0, 910, 905, 5, 'UA', 11, 'N100', 'EWR', 'ORD', 150, 719, 6, 0, '2013-01-01 11:00+00'),
    (2013, 1, 1, 700, 640, 20, 1100, 1030, 30, 'B6', 71, 'N200', 'JFK', 'SJU', 190, 1598, 6, 40, '2013-01-01 11:00+00'),
    (2013, 1, 2, NULL, 900, NULL, NULL, 1200, NULL, 'AA', 300, NULL, 'LGA', 'ORD', NULL, 733, 9, 0,
        '2013-01-02 14:00+00'),
    (2013, 7, 4, 1000, 1000, 0, 1500, 1510, -10, 'UA', 15, 'N777', 'EWR', 'HNL', 610, 4963, 10, 0,
        '2013-07-04 14:00+00'),
    (2013, 7, 4, 1210, 1200, 10, 1530, 1500, 30, 'B6', 23, 'N200', 'JFK', 'LAX', 330, 2475, 12, 0,
        '2013-07-04 16:00+00'),
    (2013, 12, 31, 2359, 2355, 4, 440, 445, -5, 'B6', 839, 'N300', 'JFK', 'BQN', 195, 1576, 23, 55,
        '2014-01-01 04:00+00'),
    (2013, 12, 31, 1530, 1500, 30, 1700, 1640, 20, 'AA', 301, 'N300', 'LGA', 'ORD', 140, 733, 15, 0,
        '2013-12-31 20:00+00');
