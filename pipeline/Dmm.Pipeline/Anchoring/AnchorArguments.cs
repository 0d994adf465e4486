using Dmm.Pipeline.Running;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Anchoring;

/// <summary>Which anchor is meant, who tells of it, and which archive is held against it: as they were given. No record, whose text would hold
/// secrets.</summary>
internal sealed class AnchorArguments
{
    public required string Address { get; init; }

    /// <summary>Whose anchor it is said to be; null for not said.</summary>
    public string? Owner { get; init; }

    public bool IsTestnet { get; init; }

    /// <summary>Providers in the order of preference; toncenter's own where there is none.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Of the environment, which has their keys.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The data folder whose archive is meant where there is no <see cref="Postgres"/>.</summary>
    public string Data { get; init; } = DataFolder.DefaultPath;

    /// <summary>As Npgsql reads it.</summary>
    public string? Postgres { get; init; }

    /// <summary>The contract.</summary>
    /// <param name="faults">Grows by all that is wrong.</param>
    /// <returns>Null where something is.</returns>
    public Address? Contract(List<string> faults)
    {
        var (contract, owner) = (Read("--address", Address, faults), Owner is null ? null : Read("--owner", Owner, faults));
        // The address is a hash of code and owner: no node has to be believed for that.
        if (contract is null || owner is null || new AnchorContract(owner, contract.Workchain).Address is var theirs && theirs == contract)
            return contract;
        faults.Add($"--address {contract} is not the anchor of --owner {owner}: expected {theirs}");
        return null;
    }

    private Address? Read(string option, string text, List<string> faults)
    {
        if (!Wire.Ton.Address.TryParse(text, out var address, out var form, out var fault)) faults.Add($"{option} {fault}");
        else if (form is { IsTestOnly: true } && !IsTestnet)
            faults.Add($"{option} '{text}' is of the test network: expected an address of the main network, or --testnet beside it");
        else return address;
        return null;
    }
}
