using System.CommandLine;
using Dmm.Core;
using Dmm.Core.Ports;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary>Where a command writes: results to the one, what is said beside them (faults, progress) to the other.</summary>
internal sealed class Terminal
{
    // Wide enough for every table; a file or a pipe has no width of its own.
    private const int RedirectedWidth = 150;

    public Terminal(ParseResult parse)
        : this(parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error)
    {
    }

    public Terminal(TextWriter output, TextWriter error)
    {
        (Output, Error) = (output, error);
        Screen = ScreenOn(Output);
        ErrorScreen = ScreenOn(Error);
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary><see cref="Output"/> with tables and, on a terminal, colours.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary><see cref="Error"/>, likewise.</summary>
    public IAnsiConsole ErrorScreen { get; }

    /// <summary>The same, where each line begins with that word.</summary>
    public Terminal For(string subject) => new(new PrefixedWriter(Output, subject), Error);

    /// <summary>Somebody may watch <see cref="ErrorScreen"/> change.</summary>
    public bool ShowsProgress => ErrorScreen.Profile.Out.IsTerminal;

    /// <summary>Runs a command, and tells the user on <see cref="Error"/> what was wrong with the input.</summary>
    public int Guard(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception unusable) when (IsOfTheInput(unusable))
        {
            return Refuse(unusable);
        }
    }

    /// <inheritdoc cref="Guard"/>
    public async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception unusable) when (IsOfTheInput(unusable))
        {
            return Refuse(unusable);
        }
    }

    public int Refuse(IReadOnlyList<string> faults)
    {
        foreach (var fault in faults) Error.WriteLine(fault);
        return ExitCodes.BadInput;
    }

    private static bool IsOfTheInput(Exception fault) =>
        fault is BadInputException or ParameterException or JournalException or IOException or UnauthorizedAccessException;

    private int Refuse(Exception unusable) => Refuse(unusable is BadInputException refused ? refused.Faults : [unusable.Message]);

    private static IAnsiConsole ScreenOn(TextWriter writer)
    {
        var target = new AnsiConsoleOutput(writer);
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = target,
            // Detection looks at the process's terminal, not at where this one writes to.
            Ansi = target.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = target.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!target.IsTerminal) screen.Profile.Width = RedirectedWidth;
        return screen;
    }
}
