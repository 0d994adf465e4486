using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class SecretTextTests
{
    [Theory]
    [InlineData("""{"op":"login","args":[{"apiKey":"k-1","passphrase":"p 2","timestamp":"7","sign":"a+b/c="}]}""",
        """{"op":"login","args":[{"apiKey":"***","passphrase":"***","timestamp":"7","sign":"***"}]}""")]
    [InlineData("""Invalid request: {\"op\": \"login\", \"args\":[{\"passphrase\": \"p2\", \"sign\" : \"abc\"}]}""",
        """Invalid request: {\"op\": \"login\", \"args\":[{\"passphrase\": \"***\", \"sign\" : \"***\"}]}""")]
    [InlineData("""{"OK-ACCESS-SIGN":"abc","secret_key":"def","api-key":"ghi"}""", """{"OK-ACCESS-SIGN":"***","secret_key":"***","api-key":"***"}""")]
    [InlineData("""{"signature":"cut o""", """{"signature":"***""")]
    [InlineData("""{"design":"x","symbol":"sign","px":"1.05"}""", """{"design":"x","symbol":"sign","px":"1.05"}""")]
    public void Credentials_AreMaskedWhereverTheyStand(string text, string masked) => SecretText.Masked(text).ShouldBe(masked);

    [Fact]
    public void RefusedFrame_KeepsNoSecret_NeitherInItsReasonNorInItsText()
    {
        var batch = new MessageBatch();
        batch.Reject("v", """the venue says {"sign":"s3cret"}""", """{"args":[{"passphrase":"pa55"}]}"""u8);
        batch[0].Control.ShouldBe(new Rejected("v", """the venue says {"sign":"***"}""", """{"args":[{"passphrase":"***"}]}"""));
    }
}
