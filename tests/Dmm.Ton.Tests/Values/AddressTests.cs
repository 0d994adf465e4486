using CsCheck;
using Dmm.Ton.Tests.Cells;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Values;

public sealed class AddressTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly Gen<AddressForm> Forms =
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, (bounce, test, url) => new AddressForm(bounce, test, url));

    [Fact]
    public void AnyAddress_InAnyForm_IsReadBack() =>
        Gen.Select(CellGen.Address, Forms).Sample((address, form) =>
        {
            Address.TryParse(address.ToString(form), out var read, out var readForm, out _).ShouldBeTrue();
            read.ShouldBe(address);
            // Without a character of either alphabet's own the two are one.
            readForm.ShouldBe(form with { IsUrlSafe = address.ToString(form).AsSpan().IndexOfAny('+', '/') < 0 });
            Address.Parse(address.ToString()).ShouldBe(address);
        });

    [Fact]
    public void AnyOneCharacterMistaken_IsSeen() =>
        Gen.Select(CellGen.Address, Gen.Int[0, 47], Gen.Char[Alphabet]).Sample((address, at, c) =>
        {
            var text = address.ToString(new AddressForm(true)).ToCharArray();
            if (text[at] == c) return;
            text[at] = c;
            Address.TryParse(new(text), out var read, out _, out var fault).ShouldBeFalse();
            read.ShouldBeNull();
            fault.ShouldNotBeEmpty();
        }, iter: 20_000);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0:")]
    [InlineData("00:2cf55953e92efbeadab7ba725c3f93a0b23f842cbba72d7b8e6f510a70e422e3")]
    [InlineData("-0:2cf55953e92efbeadab7ba725c3f93a0b23f842cbba72d7b8e6f510a70e422e3")]
    [InlineData("128:2cf55953e92efbeadab7ba725c3f93a0b23f842cbba72d7b8e6f510a70e422e3")]
    [InlineData("0:2cf55953e92efbeadab7ba725c3f93a0b23f842cbba72d7b8e6f510a70e422e3\n")]
    [InlineData(" 0:2cf55953e92efbeadab7ba725c3f93a0b23f842cbba72d7b8e6f510a70e422e3")]
    [InlineData("EQAs9VlT6S776tq3unJcP5Ogsj-ELLunLXuOb1EKcOQi4w+B")]
    [InlineData("EQAs9VlT6S776tq3unJcP5Ogsj-ELLunLXuOb1EKcOQi4wJ=")]
    public void TextThatIsNoAddress_SaysWhatWasExpected(string? text)
    {
        Address.TryParse(text, out _, out _, out var fault).ShouldBeFalse();
        fault.ShouldContain("expected");
    }

    [Fact]
    public void MasterchainAddress_IsWrittenWithItsSign()
    {
        var text = "-1:" + new string('3', 64);
        Address.Parse(text).ToString().ShouldBe(text);
        Address.Parse(text).Workchain.ShouldBe((sbyte)-1);
    }
}
