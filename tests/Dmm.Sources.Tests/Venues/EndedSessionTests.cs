using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sources.Tests;

/// <summary>A session ends while a fill waits to be let into the engine: the fill was not told, and the next session must find it.</summary>
public sealed class EndedSessionTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private readonly ScriptedVenue _rest = new();
    private readonly List<string> _told = [];
    private bool _isEnding;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task FillOfAStream_NumberedOrNot_FoundByTheNextSession(long number)
    {
        var account = new AccountStream(_rest, "", Backoff, new HandTime(), () => 0, WriteAsync);
        await ResyncAsync(account, "open orders");
        _isEnding = true;
        await Should.ThrowAsync<OperationCanceledException>(() => account.TakeAsync(Fill("1"), number, default).AsTask());
        _isEnding = false;
        account.Interrupt();
        await ResyncAsync(account, "orders after 5", Fill("1"));
        _told.ShouldBe(["1"]);
    }

    private async Task ResyncAsync(AccountStream account, string orders, params Fill[] fills)
    {
        var resync = account.ResyncAsync(default);
        await _rest.AnswerAsync(orders, new OrderPage([], 5));
        await _rest.AnswerAsync("fills after ''", new FillPage([.. fills], fills.Length));
        if (fills.Length > 0) await _rest.AnswerAsync($"fills after '{fills[^1].TradeId}'", new FillPage([], fills.Length));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        await resync.Guarded("the resync");
    }

    private ValueTask WriteAsync(Input input, CancellationToken cancellation)
    {
        if (_isEnding) throw new OperationCanceledException();
        if (input.Control is Fill fill) _told.Add(fill.TradeId);
        return ValueTask.CompletedTask;
    }

    private static Fill Fill(string tradeId) => new()
    {
        Instrument = new(0), TradeId = tradeId, ClientOrderId = "a", Side = Side.Buy, Price = 1m, Quantity = 1m, Fee = 0m, FeeAsset = "USDT",
        IsMaker = true, VenueTime = Timestamp.FromUnixMilliseconds(1_700_000_000_000),
    };
}
