using System.Collections.Immutable;

namespace Dmm.Core.Kernels;

/// <summary>
/// Balances by asset and account. The only way to change one is to move an amount to another account of the same asset, so that each asset sums to
/// zero.
/// </summary>
internal sealed class AccountBook(ImmutableArray<AccountBalance> balances)
{
    private readonly List<AccountBalance> _balances = [.. balances];

    public void Move(Account from, Account to, string asset, decimal amount)
    {
        if (amount == 0) return;
        Add(from, asset, -amount);
        Add(to, asset, amount);
    }

    public decimal Of(Account account, string asset)
    {
        var at = _balances.FindIndex(b => b.Account == account && b.Asset == asset);
        return at < 0 ? 0 : _balances[at].Amount;
    }

    public ImmutableArray<AccountBalance> Capture() => [.. _balances.Select(b => b with { Amount = b.Amount.Canonical() })];

    private void Add(Account account, string asset, decimal amount)
    {
        var at = 0;
        while (at < _balances.Count && Compare(_balances[at], account, asset) < 0) at++;
        if (at < _balances.Count && Compare(_balances[at], account, asset) == 0)
            _balances[at] = _balances[at] with { Amount = _balances[at].Amount + amount };
        else
            _balances.Insert(at, new(account, asset, amount));
    }

    private static int Compare(in AccountBalance balance, Account account, string asset)
    {
        var byAsset = string.CompareOrdinal(balance.Asset, asset);
        return byAsset != 0 ? byAsset : balance.Account.CompareTo(account);
    }
}
