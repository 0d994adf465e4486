using System.Text;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

public sealed class SendLogFileTests : IDisposable
{
    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    private static readonly SendRecord[] All =
    [
        new SendRecord.Accepted(new("a-1", [new(new InternalMessage(Bob, 5, new TextComment("hello").ToCell()))], 1_750_000_000)),
        new SendRecord.Signed("a-1", new(3, 1_750_000_060, Bob.Account, new byte[] { 1, 2, 3 })),
        new SendRecord.Ended("a-1", new(SendEnd.Traced, new(
            TraceKind.Partial,
            [
                new(
                    TraceKind.Executed, Bob, 5, 2, [new(Bob, null, UInt128.MaxValue, Bob, 7, ""), new(Bob, Bob, 8, null, 0, "slippage")],
                    new(9, [new(Bob, UInt128.MaxValue)])),
                new(TraceKind.Bounced, Bob, 5, 4, [], TracedJettons.None),
            ],
            1, 400, 1_750_000_030), "the trace tells")),
        new SendRecord.Accepted(new("a-2", [new(new InternalMessage(Bob, 5, Cell.Empty))], 7)),
        new SendRecord.Ended("a-2", new(SendEnd.Refused, null, "too little")),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("dmm-send-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "wallet.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Records_AreReadAsTheyWereWritten()
    {
        Write(All);
        using var again = new SendLogFile(Path);
        again.Torn.ShouldBe(0);
        again.Read().Select(Text).ShouldBe(All.Select(Text));
        var outcome = ((SendRecord.Ended)again.Read()[2]).Outcome;
        outcome.Trace!.Legs.Select(l => (l.Kind, l.Sent, l.Returned)).ShouldBe([(TraceKind.Executed, 5, 2), (TraceKind.Bounced, 5, 4)]);
        var leg = outcome.Trace.Legs[0];
        leg.Swaps.ShouldBe([new(Bob, null, UInt128.MaxValue, Bob, 7, ""), new(Bob, Bob, 8, null, 0, "slippage")]);
        (leg.Jettons.Asked, leg.Jettons.Taken.Single(), outcome.Trace.At).ShouldBe((9, new(Bob, UInt128.MaxValue), 1_750_000_030U));
    }

    [Fact]
    public void FileCutAtAnyByte_LosesTheTornRecordAlone_AndIsWrittenOn()
    {
        Write(All);
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            var lines = whole.AsSpan(0, length).Count((byte)'\n');
            using (var cut = new SendLogFile(Path))
            {
                cut.Read().Select(Text).ShouldBe(All.Take(lines).Select(Text));
                cut.Append(All[^1]);
            }

            using var again = new SendLogFile(Path);
            (again.Read().Count, again.Torn).ShouldBe((lines + 1, 0));
        }
    }

    [Fact]
    public void AnyBitChangedInARecordThatIsWhole_IsDamage_AndNamesTheLine()
    {
        Write(All[..1]);
        var whole = File.ReadAllBytes(Path);
        for (var i = 0; i < whole.Length - 1; i++)
        {
            var changed = whole.ToArray();
            changed[i] ^= 4;
            File.WriteAllBytes(Path, changed);
            Should.Throw<WalletFileException>(() => new SendLogFile(Path)).Message.ShouldStartWith($"{Path}:1 is damaged");
        }
    }

    [Fact]
    public void SecondSenderOfAWallet_CannotStart()
    {
        using var first = new SendLogFile(Path);
        Should.Throw<WalletFileException>(() => new SendLogFile(Path)).Message.ShouldContain("for this sender alone");
    }

    [Fact]
    public void Rewritten_ItHoldsWhatItWasGiven_IsWrittenOn_AndIsStillThisSendersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file's name cannot be given to another there");
        Write(All);
        using (var file = new SendLogFile(Path))
        {
            // As a process leaves it that died before the name was taken.
            File.WriteAllText($"{Path}.new", "half");
            file.Rewrite(All[3..]);
            file.Read().Select(Text).ShouldBe(All[3..].Select(Text));
            Should.Throw<WalletFileException>(() => new SendLogFile(Path)).Message.ShouldContain("for this sender alone");
            file.Append(All[0]);
            File.Exists($"{Path}.new").ShouldBeFalse();
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var again = new SendLogFile(Path);
        again.Read().Select(Text).ShouldBe([.. All[3..].Select(Text), Text(All[0])]);
        again.Rewrite([]);
        again.Read().ShouldBeEmpty();
    }

    private void Write(IEnumerable<SendRecord> records)
    {
        using var file = new SendLogFile(Path);
        foreach (var record in records) file.Append(record);
    }

    private static string Text(SendRecord record) => Encoding.UTF8.GetString(SendRecordText.Format(record));
}
