using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dmm.Pipeline.Commands;

/// <summary>An object of JSON on one line, as commands print it for programs.</summary>
internal static class JsonLine
{
    // Where a base64 text has a plus it must have one here.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
