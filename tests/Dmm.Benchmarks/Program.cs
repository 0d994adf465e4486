using Dmm.Benchmarks;

// The cold pass comes first, before anything is compiled.
(string Name, Action<Market> Run)[] ofMarket =
[
    ("latency", LatencyBenchmark.Run),
    ("parse", ThroughputBenchmarks.Parse),
    ("book", ThroughputBenchmarks.Book),
    ("core", ThroughputBenchmarks.Core),
    ("frames", ThroughputBenchmarks.Frames),
    ("handwritten", ThroughputBenchmarks.HandWritten),
    ("backtest", BacktestBenchmark.Run),
    ("journal", ThroughputBenchmarks.Journal),
    ("bus", BusBenchmark.Run),
    ("endtoend", EndToEndBenchmark.Run),
    ("transport", TransportBenchmark.Run),
];
(string Name, Action Run)[] ofTheirOwn =
[
    ("okx", OkxBenchmark.Run), ("bybit", BybitBenchmark.Run), ("gateio", GateioBenchmark.Run), ("hostile", HostileBenchmark.Run), ("kafka", KafkaBenchmark.Run), ("redis", RedisBenchmark.Run),
    ("kafkajournal", KafkaJournalBenchmark.Run),
    ("archive", ArchiveBenchmark.Run), ("orders", OrderPathBenchmark.Run), ("loopback", LoopbackBenchmark.Run),
    ("ton", TonBenchmark.Run), ("router", RouterBenchmark.Run),
];
string[] names = [.. ofMarket.Select(b => b.Name), .. ofTheirOwn.Select(b => b.Name)];

if (args is [var asked] && !names.Contains(asked))
{
    Console.Error.WriteLine($"no benchmark is called '{asked}': expected one of {string.Join(", ", names)}");
    return 2;
}

bool IsAsked(string name) => args.Length == 0 || args[0] == name;

#if DEBUG
Console.Error.WriteLine("this is a Debug build, whose figures mean nothing: run with -c Release");
#endif
if (ofMarket.Any(b => IsAsked(b.Name)))
{
    if (Market.Load(out var reason) is { } market)
    {
        foreach (var (name, run) in ofMarket)
            if (IsAsked(name)) run(market);
    }
    else
    {
        Report.Note(reason);
    }
}

foreach (var (name, run) in ofTheirOwn)
    if (IsAsked(name)) run();
return 0;
