using Dmm.Pipeline.Commands;
using Dmm.Sources.Journal;

namespace Dmm.Pipeline.Replay;

/// <summary>A folder of segment files, as a user names it.</summary>
internal static class JournalFolder
{
    /// <exception cref="BadInputException">It is not there, or holds no journal.</exception>
    public static SegmentJournalReader Open(string directory)
    {
        if (!Directory.Exists(directory)) throw new BadInputException($"journal {directory} does not exist");
        if (Directory.EnumerateFiles(directory, "inputs-*.jsonl").Any()) return new(directory);
        var below = Path.Combine(directory, "journal");
        throw new BadInputException(Directory.Exists(below) ? $"{directory} holds no journal: did you mean {below}?"
            : $"{directory} holds no journal");
    }
}
