using System.Threading.Channels;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>The engine's end of an adapter: what it was told, in order.</summary>
public sealed class Heard
{
    private readonly Channel<Input> _inputs = Channel.CreateUnbounded<Input>();

    public ValueTask WriteAsync(Input input, CancellationToken cancellation) => _inputs.Writer.WriteAsync(input, cancellation);

    public Task<Input> NextAsync() => _inputs.Reader.ReadAsync().AsTask().Guarded("an input");

    /// <summary>The next input, which must be that control message.</summary>
    public async Task<T> NextAsync<T>()
        where T : ControlMessage
    {
        var input = await NextAsync();
        input.Kind.ShouldBe(InputKind.Control);
        return input.Control.ShouldBeOfType<T>();
    }

    public bool IsQuiet => !_inputs.Reader.TryPeek(out _);
}
