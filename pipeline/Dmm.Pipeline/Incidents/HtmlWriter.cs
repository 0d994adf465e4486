using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Dmm.Pipeline.Incidents;

/// <summary>Writes HTML that is also well-formed XML: every text that goes in is escaped, whoever it comes from.</summary>
internal sealed class HtmlWriter
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    /// <summary>Markup of our own, in which every value put in is escaped.</summary>
    public HtmlWriter Add(FormattableString markup)
    {
        _html.AppendFormat(CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(Escaped)]);
        return this;
    }

    /// <summary>Markup of our own without a value.</summary>
    public HtmlWriter Raw(string markup)
    {
        _html.Append(markup);
        return this;
    }

    /// <summary>A text of our own at whatever length, escaped.</summary>
    public HtmlWriter Text(string text)
    {
        _html.Append(Encoder.Encode(text));
        return this;
    }

    /// <summary>What was written by another one.</summary>
    public HtmlWriter Add(HtmlWriter other)
    {
        _html.Append(other._html);
        return this;
    }

    public override string ToString() => _html.ToString();

    /// <summary>The text in at most <see cref="IncidentLimits.Text"/> characters, without those that no page may hold.</summary>
    public static string Shown(string text)
    {
        var cut = text.Length <= IncidentLimits.Text ? text : text[..IncidentLimits.Text] + "…";
        return string.Concat(cut.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Select(rune => rune.ToString()));
    }

    // Numbers and times keep their format: they hold nothing to escape.
    private static object? Escaped(object? value) => value switch
    {
        string text => Encoder.Encode(Shown(text)),
        IFormattable number => number,
        null => "",
        var other => Encoder.Encode(Shown(other.ToString() ?? "")),
    };
}
