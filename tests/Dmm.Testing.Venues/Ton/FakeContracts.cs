using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>Contracts at a fake node.</summary>
public interface IFakeContracts
{
    /// <summary>What a contract answers from now on; without it the method does not exist.</summary>
    void Answer(Address contract, string method, IReadOnlyList<StackItem> arguments, params StackItem[] items);
}

/// <summary>What contracts answer, by contract, method and arguments. Thread-safe.</summary>
internal sealed class FakeContracts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StackItem[]> _answers = [];
    private readonly HashSet<string> _contracts = [];

    public void Answer(string contract, string method, IEnumerable<string> arguments, StackItem[] items)
    {
        lock (_lock)
        {
            _answers[Key(contract, method, arguments)] = items;
            _contracts.Add(contract);
        }
    }

    /// <summary>Null where there is no such method.</summary>
    public StackItem[]? Of(string contract, string method, IEnumerable<string> arguments)
    {
        lock (_lock) return _answers.GetValueOrDefault(Key(contract, method, arguments));
    }

    public bool IsThere(string contract)
    {
        lock (_lock) return _contracts.Contains(contract);
    }

    private static string Key(string contract, string method, IEnumerable<string> arguments) => string.Join(' ', [contract, method, .. arguments]);
}
