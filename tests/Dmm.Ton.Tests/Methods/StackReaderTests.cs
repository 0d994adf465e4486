using System.Globalization;
using System.Numerics;
using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Methods;

/// <summary>Answers of get-methods as nodes write them.</summary>
public sealed class StackReaderTests
{
    private static readonly Address Somebody = new(-1, new Hash256([.. Enumerable.Repeat((byte)0xAB, 32)]));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("17", "17")]
    [InlineData("-1", "-1")]
    [InlineData("0x0", "0")]
    [InlineData("0xff", "255")]
    [InlineData("0XFF", "255")]
    [InlineData("-0x10", "-16")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void Number_InEitherForm_IsRead(string text, string expected) =>
        Read(StackKind.Number, text, s => s.Integer("it")).ShouldBe(BigInteger.Parse(expected, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("0x")]
    [InlineData("--1")]
    [InlineData("-0x-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("ff")]
    [InlineData("0xfg")]
    public void TextThatIsNoNumber_IsNamed(string text) =>
        Fault(StackKind.Number, text, s => s.Integer("reserve0"))
            .ShouldBe($"get_it, item 1 (reserve0): '{text}': expected a number, decimal or hexadecimal");

    [Fact]
    public void NumberOfAnyLength_IsRefusedInBoundedTime() =>
        Fault(StackKind.Number, new string('9', 1_000_000), s => s.Integer("it")).Length.ShouldBeLessThan(200);

    [Fact]
    public void NumberOutOfItsRange_IsNamed()
    {
        Fault(StackKind.Number, "-1", s => s.Amount("it")).ShouldBe($"get_it, item 1 (it): -1: expected 0 to {Coins.NanoMax}");
        Fault(StackKind.Number, "0x1000000000000000000000000000000", s => s.Amount("it")).ShouldContain("expected 0 to");
        Fault(StackKind.Number, "18446744073709551616", s => s.UInt64("it")).ShouldContain("expected 0 to 18446744073709551615");
        Fault(StackKind.Number, "101", s => s.Int32("it", 100)).ShouldBe("get_it, item 1 (it): 101: expected 0 to 100");
        Fault(StackKind.Number, "-1", s => s.Hash("it")).ShouldContain("expected 0 to");
    }

    [Fact]
    public void AnyNumber_InEitherForm_IsTheSame() =>
        Gen.Byte.Array[32].Sample(bytes =>
        {
            var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            var hex = $"0x{Convert.ToHexStringLower(bytes)}";
            Read(StackKind.Number, hex, s => s.Integer("it")).ShouldBe(value);
            Read(StackKind.Number, value.ToString(CultureInfo.InvariantCulture), s => s.Hash("it")).ShouldBe(new Hash256(bytes));
            Read(StackKind.Number, hex, s => s.Hash("it")).ToArray().ShouldBe(bytes);
        });

    [Fact]
    public void Address_InAnyWriting_IsRead()
    {
        var boc = BagOfCells.Serialize(new CellBuilder().StoreAddress(Somebody).Build());
        foreach (var text in new[] { Convert.ToBase64String(boc), Convert.ToHexString(boc), Convert.ToHexStringLower(boc) })
        {
            Read(StackKind.Slice, text, s => s.Address("it")).ShouldBe(Somebody);
            Read(StackKind.Cell, text, s => s.MaybeAddress("it")).ShouldBe(Somebody);
        }

        Read(StackKind.Slice, new CellBuilder().StoreAddress(null).Build().ToBase64(), s => s.MaybeAddress("it")).ShouldBeNull();
    }

    [Fact]
    public void WhatIsNoAddress_IsNamed()
    {
        Fault(StackKind.Slice, new CellBuilder().StoreAddress(null).Build().ToBase64(), s => s.Address("token0"))
            .ShouldStartWith("get_it, item 1 (token0): cell ");
        Fault(StackKind.Slice, "", s => s.Address("it")).ShouldStartWith("get_it, item 1 (it): ");
        Fault(StackKind.Slice, "b5ee9c72zz", s => s.Address("it")).ShouldStartWith("get_it, item 1 (it): ");
        Fault(StackKind.Slice, "b5ee9c72", s => s.Address("it")).ShouldStartWith("get_it, item 1 (it): ");
        Fault(StackKind.Null, "", s => s.Address("it")).ShouldBe("get_it, item 1 (it): a Null: expected a cell or slice");
        Fault(StackKind.Cell, "", s => s.Integer("it")).ShouldBe("get_it, item 1 (it): a Cell: expected a number");
    }

    [Fact]
    public void AnswerThatIsTooShort_IsNamed_AndALongerOneIsRead()
    {
        StackReader.TryRead("get_it", [new(StackKind.Number, "1")], 2, s => s.Integer("it"), out _, out var fault).ShouldBeFalse();
        fault.ShouldBe("get_it: 1 items: expected 2");
        StackReader.TryRead("get_it", [new(StackKind.Number, "1"), new(StackKind.Other, "")], 1, s => s.Flag("it"), out var flag, out _).ShouldBeTrue();
        flag.ShouldBeTrue();
    }

    [Fact]
    public void AnyText_LeavesNoException() =>
        Gen.Select(Gen.Enum<StackKind>(), Gen.String).Sample((kind, text) =>
        {
            StackItem[] items = [new(kind, text)];
            StackReader.TryRead("get_it", items, 1, s => s.Integer("it"), out _, out var number).ShouldBe(number.Length == 0);
            StackReader.TryRead("get_it", items, 1, s => s.Address("it"), out _, out var address).ShouldBe(address.Length == 0);
        });

    private static T Read<T>(StackKind kind, string text, Func<StackReader, T> read)
    {
        StackReader.TryRead("get_it", [new(kind, text)], 1, read, out var value, out var fault).ShouldBeTrue(fault);
        return value!;
    }

    private static string Fault<T>(StackKind kind, string text, Func<StackReader, T> read)
    {
        StackReader.TryRead("get_it", [new(kind, text)], 1, read, out _, out var fault).ShouldBeFalse();
        return fault;
    }
}
