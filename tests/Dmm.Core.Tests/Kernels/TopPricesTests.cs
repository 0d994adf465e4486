using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels;

public class TopPricesTests
{
    [Fact]
    public void Mid_MayLieBetweenTicks() => TopPrices.Mid(new FixedBook(new(0), 9_999, 10_000).Top, QuoteSetting.Cex).ShouldBe(0.99995, 1e-12);

    [Fact]
    public void MicroPrice_LeansToTheThinSide() =>
        // Bid 10 lots at 1.0000, ask 30 lots at 1.0004: (1.0000·30 + 1.0004·10) / 40.
        TopPrices.MicroPrice(new FixedBook(new(0), 10_000, 10_004).Top, QuoteSetting.Cex).ShouldBe(1.0001, 1e-12);

    [Theory]
    [InlineData(BookStatus.AwaitingSnapshot)]
    [InlineData(BookStatus.Gap)]
    [InlineData(BookStatus.Crossed)]
    [InlineData(BookStatus.ChecksumMismatch)]
    [InlineData(BookStatus.OneSided)]
    public void ABookThatIsNotValid_HasNoPrice(BookStatus status)
    {
        var top = new FixedBook(new(0), 10_000, 10_004).Top with { Status = status };
        TopPrices.Mid(top, QuoteSetting.Cex).ShouldBe(0);
        TopPrices.MicroPrice(top, QuoteSetting.Cex).ShouldBe(0);
    }
}
