using CsCheck;
using Dmm.Ton.Tests.Cells;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>Cells and dictionaries against @ton/core, which shares no line with ours.</summary>
[Collection(TvmCollection.Name)]
public sealed class OtherImplementationTests(TvmChain chain)
{
    [Fact]
    public void AnyTree_HasTheSameHash_AndIsTheSameBytes()
    {
        chain.Require();
        Gen.Select(CellGen.Root.Array[100], Gen.Bool, Gen.Bool).Sample((roots, hasIndex, hasCrc) =>
        {
            var theirs = chain.Cells(roots.Select(root => BagOfCells.Serialize(root, hasIndex, hasCrc)));
            theirs.Select(t => t.Hash).ShouldBe(roots.Select(root => root.Hash.ToString()));
            foreach (var (root, their) in roots.Zip(theirs))
            {
                // Theirs have a checksum and no index.
                BagOfCells.DeserializeOne(their.Boc).ShouldBe(root);
                BagOfCells.Serialize(root).ShouldBe(their.Boc);
            }
        }, iter: 5, threads: 1);
    }

    [Fact]
    public void AnyMap_IsTheSameDictionary()
    {
        chain.Require();
        HashmapTests.Maps.Where(map => map.Entries.Count > 0)
            .Sample(map => HashmapTests.Build(map.KeyBits, map.Entries).ShouldBe(chain.Dictionary(map.KeyBits, map.Entries)), iter: 100, threads: 1);
    }
}
