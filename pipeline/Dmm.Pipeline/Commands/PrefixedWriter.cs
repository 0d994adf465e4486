using System.Text;

namespace Dmm.Pipeline.Commands;

/// <summary>Puts a word before each line, so that several may write to one place; a line is written whole.</summary>
/// <param name="output">Where lines go.</param>
/// <param name="prefix">The word.</param>
internal sealed class PrefixedWriter(TextWriter output, string prefix) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value)
    {
        lock (_line)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            var text = $"{prefix,-6} {_line}";
            _line.Clear();
            lock (output) output.WriteLine(text);
        }
    }

    public override void Flush() => output.Flush();
}
