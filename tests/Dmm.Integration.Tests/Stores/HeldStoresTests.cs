using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Integration.Tests.Desk;
using Dmm.Sources.Journal;
using Dmm.Testing.Servers;
using Npgsql;

namespace Dmm.Integration.Tests.Stores;

/// <summary>Redis and Postgres that take connections and answer nothing, beside a desk that trades.</summary>
public sealed class HeldStoresTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Returned = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DMM_SOAK") == "1" ? 60 : 10);

    // While it quotes nothing a desk still records something twice a second.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    private readonly RedisServer _redis = RedisServer.Start();
    private readonly PostgresServer _postgres = PostgresServer.Start();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmm-stores-");

    public void Dispose()
    {
        _redis.Dispose();
        _postgres.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task StoresHeldStill_EngineNeverWaits_AndTheyHaveAllOfItAfterwards()
    {
        await using var venue = await VenueProcess.StartAsync("lively", 4);
        var data = Path.Combine(_folder.FullName, "data");
        Timestamp heldAt;
        using (var desk = new DeskProcess(["run", "--plain", "--venue", venue.Url.ToString(), "--data", data], Access))
        {
            await desk.LineAsync(Patience, "takes orders again");
            _redis.Freeze();
            _postgres.Freeze();
            heldAt = Timestamp.From(DateTimeOffset.UtcNow);
            await Task.Delay(Held);
            _redis.Thaw();
            _postgres.Thaw();
            // A store that is still being connected to when the desk ends is caught up with at its next start: not what is judged here.
            await Task.Delay(Returned);
            desk.Stop(Patience).ShouldBe(0, desk.Process.Output);
        }

        var records = new SegmentJournalReader(Path.Combine(data, "runs", "0001-venue", "journal")).InputsFrom(0L)
            .Where(r => r.Kind != JournalRecordKind.Run).ToArray();
        // A machine that is busy elsewhere may hold it up now and then; calls on a store, which take seconds each, would hold it up all the time.
        var held = records.Where(r => r.Stamp.At >= heldAt && r.Stamp.At <= heldAt + Held).Select(r => r.Stamp.At).Append(heldAt + Held).ToArray();
        var stood = held.Zip(held.Skip(1), (one, next) => next - one).Where(gap => gap > Usual).Aggregate(TimeSpan.Zero, (sum, gap) => sum + gap);
        stood.ShouldBeLessThan(Held / 2, "a store held up the engine");

        var last = records.Max(r => r.Stamp.Sequence);
        _redis.Command("HGET", "dmm:cursor:0001-venue", "sequence").ShouldBe(last.ToString(CultureInfo.InvariantCulture));
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT sequence FROM dmm.cursor WHERE journal = '0001-venue'", connection);
        (await command.ExecuteScalarAsync()).ShouldBe(last);
    }

    private Dictionary<string, string> Access => new(VenueProcess.Environment)
    {
        ["DMM_REDIS"] = _redis.ConnectionString, ["DMM_POSTGRES"] = _postgres.ConnectionString(),
    };
}
