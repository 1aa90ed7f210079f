"""The words of error messages: what Python, its libraries, the drivers and the services say about a failure.

Taken from the messages of CPython, pandas, PostgreSQL, MySQL and the drivers. A message may also hold data without
quotes (`unable to parse: Alice`), so a bare word leaves the machine only where it is one of these, or is known anyway.
"""

from __future__ import annotations

_WORDS = """
abbreviation ability able aborted aborting about above absolute abstract accept accepted accepts access according
accurate acquire acquired acquisition action activated active actual add added addition additional addr address affect
after against age aggregate algorithm alias align aligned alignment all allocate allocated allocation allocations allow
allowed allowing allows along already also alter alternate always ambiguous amount an analyze and angle annotated
annotation another any anything api appear appears append appended appending application applications applied applies
apply appropriate arbitrary archive are arg args argtypes argument arguments argv arithmetic around arr array arrays as
ascending ascii assign assigned assignment associated assumed assumes assuming async asynchronous at attach attempt
attempted attempting attr attribute attributes audit auth authenticate authentication authorization automatic
automatically available average avoid await awaited aware away axes axis back backend background backup backward
backwards bad base based bases basic be because been before begin beginning behave behaves behavior being belonging
below better between beyond big binary bind bit bits bitwise block blocking blocks bool boolean bootstrap both bound
bounds breaking broadcast broken broker brokers buffer buffer's buffered buffering buffers buffersize build builds
built builtin builtins busy but by byte bytearray bytecode byteorder bytes cache cached calculate calculated calendar
call callable callback called caller calling calls can can't canceled canceling cannot capturing case cased cases cast
casts catalog categorical categories category caught cause caused causing cell cells certificate chain change changed
changes changing channel channels char character characters charmap chars charset check checked checking checkpoint
checks checksum child choose chr chunk chunks circular class classes classmethod clause clauses cleanup clear client
close closed closest closing closure cls cluster cmd code codec codecs codes coercion col collation collations
collection collections collector cols column columns com combination comes comma command commands comment commit
committed common comparators compare comparing comparison comparisons compatibility compatible compilation compile
compiled compiler complete completed completion complex component components composite comprehension compressed
compression compressor compute concat concatenate concrete concurrent concurrently condition conditions config configs
configuration configure configured conflict conflicting conflicts connect connected connection connections consecutive
consider considered consistent const constant constants constraint constraints construct constructor contain contained
container containing contains content contents context contiguous continuation continue control controls conversion
conversions convert converted convertible converting converts coordinates coordinator copy core coroutine correct
corresponding corresponds corrupt corrupted cost could couldn't count counter counts create created creates creating
creation credentials csv ctx current currently cursor custom cycle cython data database dataset date dates datetime
datetimes db deadlock debug debugger debugging decimal declaration declare declared decode decoded decoder decodes
decoding decompress decompression decorator deeply def default defaults define defined defines defining definition del
delay delete deleted deleter deletion delimiter delivery denied dependency dependent depending depends deprecated depth
deque derive derived descending described describes describing descriptor descriptors deserializer desired destination
detached details detected determine determined determines device dialect dict dictionaries dictionary did didn't differ
difference different differs digit digits dimension dimensional dimensions dir direct directive directly directories
directory dirs disable disabled disables disallowed disk distance division divisor do doctest document documentation
documents does doesn't domain don't done double drop dropped dt dtype dtypes due dump duplicate duration during dynamic
each effect effective efficient either elapsed element elements else embedded empty enable enabled enables enclosed
encode encoded encoder encodes encoding encountered end ended endianness endings endpoint endpoints ends enough ensure
entire entity entries entry enum env environment eof eol epoch equal equivalent errno error errors escape established
estimate etc evaluates even event events every everything exact exactly examine example examples exceed exceeded
exceeds except exception exceptions excluding exclusion exclusive exec executable execute executed executing execution
exhausted exist existing exists exit exits expected expecting expects explicit explicitly export expr expression
expressions extend extended extension extensions external extra extract factory failed fails failure false fatal
feature features fetch few field fields figure file file's filename filenames files filesystem filter final finalized
finalizer find finished finite first fit fixed flag flags float floating floats floor flush follow followed following
follows for force foreign forgot fork form format formats formatted formatting forward found fraction frame frames free
freeze freq frequency from full fullname func function functionality functions further future generally generate
generated generation generator generators generic get getting given giving global globals go got greater group grouped
grouping groups had handle handled handler handlers handling handshake has hash hashable have having header headers
held help helper here hexadecimal hold holding host hostname how however id ident identified identifier identify
identifying identity ids if ifs ignore ignored ignoring illegal image immediately immutable implement implementation
implementations implemented implementing implements implicit implies import imported importers importing imports
impossible in include included includes including incompatibility incompatible incomplete inconsistent incorrect
increase increasing increment incremental increments indent indented independent index indexer indexers indexes
indexing indicate indicated indicates indicating indications indices inf infer infinite infinity info information
inherit inheritance inherited init initial initialization initialize initialized input inputs insert inserted insertion
inside install installation installed instance instances instead instruction int integer integers integral integration
intended intentionally interactive interface intermediate internal internally interned interpolate interpolation
interpret interpreted interpreter interrupted intersection interval intervals into ints invalid invariant inverse
invocation invoking io is isn't isoformat isolated issue it it's item items itemsize iter iterable iterables iterated
iteration iterator iterators its itself join jsonb kafka key keys keyword keywords killed kind know known kwargs label
labels lambda language large larger largest last later leader leap least leave left len length lengths less level
levels library like likely limit limits line lineno lines link links list lists literal literals load loaded loader
loaders loading loc local locale locale's localize locals locating location lock locked locks log logarithm logged
logging logical login logs long longer longest looking lookup lookups loop lost lower lowercase lowest made make makes
malformed manager manual many map mapper mapping marked mask masked match matched matches matching materialized math
matplotlib max maximum maxsize maxsplit may maybe mean meaning means meant measured mechanism member members memo
memory memoryview message messages metaclass metaclasses metadata method methods microsecond microseconds might
milliseconds min minimum mismatch mismatched missed missing mix mode model modes modification modified modifier modify
module module's modules modulo monotonic more most move ms msg much multi multiple multiples multirange must mutable
mutually na naive name named names namespace namespaces nan nanosecond nanoseconds native natural ndarray ndigits ndim
near nearest necessary need needed needs negative neither nested network never new newline newlines next no node nodes
non none nonexistent nonlocal nonzero norm normal normalize normalized not note notes nothing notifications now np ns
null nulls num number numbers numeric numpy obj object object's objects objs obsolete obtain obtained occurred
occurrence occurrences occurs of off offset offsets omitted on once one only op opcode open opened operand operating
operation operations operator operators ops optimization option optional optionally options or order ordered ordering
ordinal ordinals orient origin original os other others otherwise out outer output outside over overflow overlap
overridden override overwrite owner pack package packages packed packet pad padding page pair pairs pandas parallel
param parameter parameters params paren parent parentheses parenthesis parenthesized parse parsed parser parsing part
partial particular partition partitioned partitioning partitions parts pass passed passing password past path pathname
paths pattern patterns pd peer pending per perfectly perform performance performed perhaps period periods permanent
permission permissions permitted phase pickle pipeline place placed plan planner planner's plans platform plot plugin
point pointer points pool pop port portal pos position positional positions positive posix possible possibly
potentially precision predefined predicate prefix prefixes prepare prepared prepend present previous previously primary
print printed privilege privileges probably problem problems procedure process process's processes processing produce
produces profiling program programs progress projection proper properties property protocol provide provided provides
providing proxy put pv pyarrow python python's qualified queries query queue quote quotechar quotes quoting raise
raised raises raising range rather ratio raw reached read readable reader reading readinto readline readonly reads
ready reason rebalance receive received recognized recompiling record records recover recovery recursion recursive
recursively redis redo reduction refer reference referenced references refers refused regardless register registered
registering registry regular reindex rel related relation relations relative release released remaining remains
remembers remote removal remove removed removing rename repeat repeated repl replace replacement replacing replica
replication repr represent representable representation represented representing represents request requested require
required requires reserved reset resolution resolve respectively response restarting restore restricted restriction
result resulting results retrieve return returned returning returns reverse rewrite right role root round rounding
rounds route routine routines row rows rule rules run running runs runtime same sample save saw scalar scan scans
scheduler scheduling schema schemas scheme schemes scope script search second section see seekable segment segments
select selected self semantics send sender's sending sent sep separate separator seq sequence sequences serialize
serialized serializer series server server's session set sets setter setting settings setup shallow shape shapes shard
shards shared sheet shell shift short should show shows shutdown side signal signals signature signed signum similar
simple simply since single site size sizes skip skipna skipping slice slices slot slots small snapshot so socket
sockets some sort sorted source space spaces span spec specialized specific specifically specification specified
specifier specifies specify specifying split splitting src ssl stack start started starting starts startup stat state
statement statements static staticmethod statistics stats status std stderr stdin stdout step steps still stmt stop
stopped store stored str stream streaming streams strftime strict strictly string strings strip strptime struct
structure structures sub subclass subclasses subdirectories subject submodule subplot subplots subprocess subquery
subscript subscriptable subscription subsection subset substring subtransaction subtype successive such suffix suffixes
suitable sum supplied supply support supported supporting supports surrogate surrogates switch symbol symbolic symbols
synonym syntax sys system system's systems tab table tables tablespace tail take taken takes target targets task tell
template temporary terminated terminating terms text than that the their them themselves then there these they this
those though thread thread's threading threads three threshold thresholds through thus tid time timed timedelta
timeline timeout timer times timestamp timezone tls to token tokenize tokenized tokenizing tolerance too topic topics
total trace traceback tracked transaction transactional transactions transfer transform transition translate translated
translation trigger true truncate truncated truncation truth try tsquery tsvector tuple tuples tuplestore twice two
type typecode typed types typical typically tz unable unavailable unbuffered uncaught unchanged unconverted undefined
under underlying understand unequal unexpected unhashable unicode unindent union unique uniques unit units universal
unix unknown unless unlock unlogged unmatched unpack unpacked unpacking unparsable unreachable unrecognized unregister
unrepresentable unsafe unsigned unsliceable unspecified unsupported unterminated until up updatable update updated
updates upgrade upon upper uppercase url usable usage use used useful user username uses using utf val valid value
values var variable variables variation various verify version versions very via view views violates void wait waiting
warning warnings was wasn't weakref were what when where whether which while whitespace whole whose will window with
within without won't work working works would wrapped writable write writeable writer writes writing written wrong yet
you your zero zeros zone
"""
WORDS = frozenset(_WORDS.split())
