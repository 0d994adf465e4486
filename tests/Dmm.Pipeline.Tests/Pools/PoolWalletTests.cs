using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Pools;

/// <summary><c>--wallet</c> of <c>dmm run</c>.</summary>
public sealed class PoolWalletTests
{
    [Fact]
    public void Wallets_AreOfAnExchange_AFileAndANumber()
    {
        List<string> faults = [];
        PoolWallet.ReadAll(["stonfi=keys/w.json", "dedust=keys/w.json#12"], faults).ShouldBe([
            new(PoolExchange.StonFi, "keys/w.json", 0), new(PoolExchange.Dedust, "keys/w.json", 12),
        ]);
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--wallet 'w.json' names no wallet of an exchange: expected EXCHANGE=FILE", "w.json")]
    [InlineData("--wallet 'uniswap=w.json' names no wallet of an exchange", "uniswap=w.json")]
    [InlineData("--wallet 'stonfi=w#99999': expected a number from 0 to 32767 behind #", "stonfi=w#99999")]
    [InlineData("--wallet of stonfi is given twice", "stonfi=a", "stonfi=b")]
    [InlineData("--wallet w is of two exchanges: expected one of its own for each, such as dedust=w#1", "stonfi=w", "dedust=w")]
    public void WhatIsNone_IsNamed(string fault, params string[] texts)
    {
        List<string> faults = [];
        PoolWallet.ReadAll(texts, faults);
        faults.ShouldHaveSingleItem().ShouldStartWith(fault);
    }

    [Theory]
    [InlineData("--wallet is of pools: expected --pool", "--wallet", "stonfi=w")]
    [InlineData("--wallet of stonfi: expected a --pool of that exchange", "--wallet", "stonfi=w", "--pool", "dedust:POOL", "--poll", "60s")]
    [InlineData("the pools need 3 requests a second, and toncenter.com is asked 1 at most", "--wallet", "stonfi=w", "--pool", "stonfi:POOL")]
    [InlineData("--wallet belongs to --venue without --group", "--group", "g", "--wallet", "stonfi=w")]
    [InlineData("--password-file belongs to --venue, or to --wallet", "--password-file", "p")]
    public async Task Command_RefusesWhatDoesNotFit(string fault, params string[] arguments)
    {
        var pool = FakeJetton.At(0x20).ToString();
        var run = await CommandRun.Of(["run", .. arguments.Select(a => a.Replace("POOL", pool, StringComparison.Ordinal))]);
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain(fault);
    }
}
