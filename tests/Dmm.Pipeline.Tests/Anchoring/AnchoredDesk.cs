using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Venues;
using Dmm.Topology.Tests.Engine;
using Dmm.Wire.Ton;
using Microsoft.Data.Sqlite;

namespace Dmm.Pipeline.Tests.Anchoring;

/// <summary>A desk's data folder with an archive, and a node that tells what the anchor of its audit log keeps.</summary>
internal sealed class AnchoredDesk : IAsyncDisposable
{
    public static readonly Address Owner = new(0, new Hash256([.. Enumerable.Repeat((byte)0xA7, Hash256.Bytes)]));

    public static readonly Address Anchor = new AnchorContract(Owner).Address;

    private readonly ScratchFolder _scratch = new();

    public FakeToncenter Node { get; } = new();

    public string Folder => _scratch["data"];

    public string ArchiveFile => Path.Combine(Folder, "archive.db");

    public string[] Arguments => ["--address", $"{Anchor}", "--node", $"{Node.Url}", "--data", Folder];

    /// <summary>A run whose audit log has two rows or more, its start and the alerts, one row each.</summary>
    public void Run(params IReadOnlyList<string> alerts)
    {
        using var data = DataFolder.Open(Folder);
        using var archive = SqliteArchive.Open(ArchiveFile);
        Run(data, archive, alerts);
    }

    public static void Run(DataFolder data, IArchive archive, IReadOnlyList<string> alerts)
    {
        var run = data.BeginRun("demo", ledger: null);
        using (var writer = SegmentJournalWriter.Open(new SegmentJournalOptions { Directory = run.Journal }))
        {
            writer.BeginRun(Header());
            writer.Append(new Stamp(1, JournaledRun.Start + Timestamp.Unit), new Input(JournaledRun.Rate()), InputOrigin.Outside);
            foreach (var (place, alert) in alerts.Index())
            {
                writer.Append(new Decision(
                    place + 1, new(1, null, JournaledRun.Start + Timestamp.Unit), new Alert(AlertLevel.Warning, "test", alert)));
            }
        }

        new JournalFollower(new SegmentJournalReader(run.Journal), archive, new(run.Name, run.Number, run.Ledger)).CatchUp(isClosed: true);
    }

    /// <summary>The head of the audit log at a row.</summary>
    public string HeadAt(int row)
    {
        using var archive = SqliteArchive.OpenToRead(ArchiveFile);
        return archive.VerifyAudit(row).HeadThere!;
    }

    /// <summary>What the contract tells from now on.</summary>
    public void Post(int sequence, int rows, string head) => Tell(Text(sequence), Text(rows), $"0x{head}");

    public void Tell(params string[] numbers) => Node.Methods[(Anchor, AnchorState.Method)] = numbers;

    /// <summary>Changes the audit log behind the archive's back.</summary>
    public void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={ArchiveFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; {sql}";
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _scratch.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static RunHeader Header() => new()
    {
        Run = 1, StartedAt = JournaledRun.Start, NextSequence = 1, NextDecision = 1, CodeVersion = "1", Platform = "test", ConfigurationHash = "0",
        Mode = TradingMode.Live, Instruments = JournaledRun.Instruments, Parameters = JournaledRun.Parameters, State = "{}"u8.ToArray(),
    };
}
