using System.IO.Compression;
using System.Text;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary>A folder for one test's files, gone after it.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dmm-cli-").FullName;

    public string this[string name] => Path.Combine(_root, name);

    public string WriteGzip(string name, IEnumerable<string> lines)
    {
        using var writer =
            new StreamWriter(new GZipStream(File.Create(this[name]), CompressionLevel.Fastest), new UTF8Encoding(false)) { NewLine = "\n" };
        foreach (var line in lines) writer.WriteLine(line);
        return this[name];
    }

    public static IEnumerable<string> ReadGzip(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
