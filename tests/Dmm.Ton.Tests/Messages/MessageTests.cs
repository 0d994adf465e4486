using CsCheck;
using Dmm.Ton.Tests.Cells;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Messages;

public sealed class MessageTests
{
    private static readonly Gen<StateInit?> Init = Gen.Frequency(
        (2, Gen.Const((StateInit?)null)), (1, Gen.Select(CellGen.Root, CellGen.Root, (code, data) => (StateInit?)new StateInit(code, data))));

    [Fact]
    public void AnyInternalMessage_IsReadBack() =>
        Gen.Select(CellGen.Address, CellGen.Amount, CellGen.Root, Gen.Bool, Init).Sample((to, value, body, isBounceable, init) =>
            Message.Read(new InternalMessage(to, Coins.FromNano(value), body, isBounceable, init).ToCell())
                .ShouldBe(new(MessageKind.Internal, null, to, Coins.FromNano(value), isBounceable, false, init, body)), iter: 1_000);

    [Fact]
    public void AnyExternalMessage_IsReadBack_AndHasOneNormalisedHash() =>
        Gen.Select(CellGen.Address, CellGen.Root, Init).Sample((to, body, init) =>
        {
            var message = new ExternalInMessage(to, body, init);
            Message.Read(message.ToCell()).ShouldBe(new(MessageKind.ExternalIn, null, to, 0, false, false, init, body));
            message.NormalisedHash.ShouldBe((message with { Init = null }).NormalisedHash);
        }, iter: 1_000);

    [Fact]
    public void MutatedBodies_NeverThrow()
    {
        Address someone = new(0, new Hash256(new byte[32])), other = new(0, new Hash256([.. new byte[31], 1]));
        IMessageBody[] bodies =
        [
            new TextComment("hello"),
            new JettonTransfer(1, 2, someone, other, Cell.Empty, 3, ForwardPayload.InReference(new TextComment("x").ToCell())),
            new JettonNotification(1, 2, someone, new(new TextComment("inline").ToCell(), false)),
            new JettonInternalTransfer(1, 2, null, someone, 3, ForwardPayload.None),
            new JettonBurn(1, 2, null), new JettonBurnNotification(1, 2, someone, null), new JettonExcesses(7),
            new PtonTransfer(1, 2, someone, new StonFiV1Provide(other, 5).ToCell()),
            new StonFiV1PoolSwap(1, someone, other, 2, 3, someone, other), new StonFiV1PayTo(1, someone, StonFiV1PayTo.SwapOk, 0, someone, 9, other),
            new StonFiV2PoolSwap(1, someone, 2, 0, Cell.Empty),
            new StonFiV2PayTo(1, someone, other, someone, StonFiV2Exits.SwapOk, null, 0, 1, someone, 0, other),
            new DedustNativeSwap(1, 2, new(someone, 3, new DedustStep(other, 4).ToCell()), new(5, null, other, Cell.Empty)),
            new DedustNativeDeposit(1, 2, new(false, DedustAsset.Native, new(other)), new(1, 2, 3)), new DedustCancelDeposit(1),
            new DedustPayout(1, null), new DedustSwapEvent(DedustAsset.Native, new(other), 1, 2, someone, null, 3, 4),
            new DedustDepositEvent(someone, 1, 2, 3, 4, 5),
        ];
        foreach (var body in bodies)
        {
            var read = MessageBodies.Read(body.ToCell(), out var fault).ShouldNotBeNull(fault);
            read.ShouldBe(body);
        }

        var changes = Gen.Select(Gen.Int[32, 1022], Gen.Bool).Array[0, 5];
        Gen.Select(Gen.Int[0, bodies.Length - 1].Select(i => bodies[i]), changes, Gen.Int[0, 1023], Gen.Bool).Sample((body, changed, length, hasRefs) =>
        {
            var cell = body.ToCell();
            var data = cell.Data.ToArray();
            foreach (var (bit, value) in changed)
                if (bit < cell.BitsCount) data[bit / 8] = (byte)(value ? data[bit / 8] | (0x80 >> bit % 8) : data[bit / 8] & ~(0x80 >> bit % 8));
            var builder = new CellBuilder().StoreBits(data, Math.Min(length, cell.BitsCount));
            if (hasRefs)
                foreach (var child in cell.Refs) builder.StoreRef(child);
            var mutated = builder.Build();
            // An amount need not be in its shortest form: what was read is what counts.
            if (MessageBodies.Read(mutated, out _) is { } read) MessageBodies.Read(read.ToCell(), out _).ShouldBe(read);
            if (MessageBodies.ReadPayload(mutated, out _) is { } told) MessageBodies.ReadPayload(told.ToCell(), out _).ShouldBe(told);
            StonFiSwap.Read(mutated, [mutated]);
        }, iter: 30_000);
    }

    [Fact]
    public void BodyOfAnotherOperation_IsNotOurs()
    {
        MessageBodies.Read(new CellBuilder().StoreUInt(0x12345678, 32).Build(), out var fault).ShouldBeNull();
        fault.ShouldBeEmpty();
        MessageBodies.Read(new CellBuilder().StoreUInt(JettonBurn.Op, 32).Build(), out fault).ShouldBeNull();
        fault.ShouldContain("0 bits and 0 references are left: expected 64 bits");
        Should.Throw<CellException>(() => JettonBurn.Read(new JettonExcesses(1).ToCell()))
            .Message.ShouldContain("the operation d53276db: expected 595f07bc");
    }

    [Fact]
    public void TextOfAnyLength_IsReadBack() =>
        Gen.Select(Gen.String, Gen.Int[1, 40]).Sample((text, times) =>
        {
            var whole = string.Concat(Enumerable.Repeat(new string([.. text.Where(c => !char.IsSurrogate(c))]), times));
            TextComment.Read(new TextComment(whole).ToCell()).Text.ShouldBe(whole);
        }, iter: 500);

    [Fact]
    public void TextThatIsNone_IsRefused()
    {
        var body = new CellBuilder().StoreUInt(0, 32).StoreBytes([0xC3, 0x28]).Build();
        Should.Throw<CellException>(() => TextComment.Read(body)).Message.ShouldContain("no UTF-8");
        Should.Throw<CellException>(() => TextComment.Read(new CellBuilder().StoreUInt(0, 35).Build())).Message.ShouldContain("expected whole bytes");
        Should.Throw<CellException>(() => new TextComment(new string('x', 131_000)).ToCell()).Message.ShouldContain("cells deep");
    }
}
