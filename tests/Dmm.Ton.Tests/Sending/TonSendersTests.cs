using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

public sealed class TonSendersTests : IDisposable
{
    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    private readonly Ed25519Signer _signer = new(new byte[32]);
    private readonly List<string> _told = [];

    public void Dispose() => _signer.Dispose();

    [Fact]
    public async Task Intents_GoToTheWalletWithTheFewest_AndStayWithTheirs()
    {
        var senders = Enumerable.Range(0, 3).Select(number => Sender(number, new SimulatedDisk(new(_ => false), new Random(1)))).ToArray();
        using var all = new TonSenders(senders);
        foreach (var id in new[] { "a", "b", "c", "d", "b", "a", "c", "d" }) (await all.SubmitAsync(Intent(id), default)).ShouldBeTrue();
        senders.Select(s => s.State.Queue.Length).ShouldBe([2, 1, 1]);
        senders.SelectMany(s => s.State.Queue).Select(i => i.Id).Order(StringComparer.Ordinal).ShouldBe(["a", "b", "c", "d"]);
        senders.Select(s => s.Address).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task IntentOfAWalletWhoseDiskFailed_IsGivenToNoOther()
    {
        var isDying = true;
        var failing = Sender(0, new SimulatedDisk(new(_ => isDying), new Random(1)));
        var well = Sender(1, new SimulatedDisk(new(_ => false), new Random(1)));
        using var all = new TonSenders([failing, well]);
        await Should.ThrowAsync<CrashException>(() => all.SubmitAsync(Intent("a"), default));
        isDying = false;
        await Should.ThrowAsync<IOException>(() => all.SubmitAsync(Intent("a"), default));
        (await all.SubmitAsync(Intent("b"), default)).ShouldBeTrue();
        well.State.Queue.Select(i => i.Id).ShouldBe(["b"]);
        using var alone = new TonSenders([failing]);
        (await alone.SubmitAsync(Intent("c"), default)).ShouldBeFalse();
    }

    private TonSender Sender(int number, SimulatedDisk disk)
    {
        var wallet = new WalletV5R1(_signer.PublicKey, walletId: WalletV5R1.WalletId(WalletV5R1.MainnetId, 0, number));
        var plan = new CrashPlan(_ => false);
        var chain = new SimulatedChain(wallet.Address, new Random(1), Coins.NanoPerTon);
        return new(
            wallet, _signer, new SimulatedNode(chain, plan, new Random(1), _ => 1), disk, new(wallet, new SenderOptions().Checked(), ChainFees.Basic),
            (id, _) => _told.Add(id), _told.Add);
    }

    private static SpendIntent Intent(string id) => new(id, [new(new InternalMessage(Bob, 1, Cell.Empty))], 1_750_000_600);
}
