using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>A contract on a chain of the tests, or several that belong together.</summary>
public interface IFakeContract
{
    /// <summary>Whether an address is one of its.</summary>
    bool Has(Address address);

    /// <summary>What it does with a message; an exit code other than 0 sends it back.</summary>
    FakeReceipt Receive(Message message);

    /// <summary>What a get-method answers; null where there is no such.</summary>
    StackItem[]? Ask(Address address, string method, IReadOnlyList<StackItem> arguments);
}

/// <summary>What a contract did.</summary>
/// <param name="Exit">The computation's exit code.</param>
/// <param name="Sent">What it sends on.</param>
public sealed record FakeReceipt(int Exit, params FakeSent[] Sent)
{
    public static readonly FakeReceipt Nothing = new(0);
}

/// <summary>A message that a contract sends.</summary>
public readonly record struct FakeSent(Address From, Address To, Coins Value, Cell Body);
