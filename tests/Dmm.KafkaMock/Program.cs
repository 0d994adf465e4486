using System.Globalization;
using Dmm.KafkaMock;

// A Kafka cluster in RAM, with the real protocol on loopback: its addresses are the first line of the output; then each line of the input is a
// command, answered by "ok" or "error" and why. It ends with its input, and so with whoever started it.
if (args is not [var count] || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var brokers) || brokers is < 1 or > 9)
{
    Console.Error.WriteLine("usage: Dmm.KafkaMock BROKERS (1 to 9)");
    return 2;
}

using var cluster = new MockCluster(brokers);
Console.WriteLine(cluster.Bootstrap);
while (Console.ReadLine() is { } line && line != "quit") Console.WriteLine(Answer(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
return 0;

string Answer(string[] words)
{
    try
    {
        return Error(words) is var code && code == 0 ? "ok" : $"error {code}";
    }
    catch (Exception fault) when (fault is FormatException or OverflowException)
    {
        return $"error cannot read '{string.Join(' ', words)}'";
    }
}

int Error(string[] words) => words switch
{
    ["topic", var name, var partitions] => cluster.CreateTopic(name, Number(partitions)),
    ["down", var broker] => cluster.SetDown(Number(broker)),
    ["up", var broker] => cluster.SetUp(Number(broker)),
    ["rtt", var broker, var ms] => cluster.SetRoundTrip(Number(broker), Number(ms)),
    ["leader", var topic, var partition, var broker] => cluster.SetLeader(topic, Number(partition), Number(broker)),
    ["truncate", var topic, var partition, var offset] => cluster.DeleteBefore(topic, Number(partition), Number(offset)),
    ["errors", var api, .. var codes] => cluster.PushErrors((short)Number(api), [.. codes.Select(Number)]),
    _ => throw new FormatException(),
};

static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
