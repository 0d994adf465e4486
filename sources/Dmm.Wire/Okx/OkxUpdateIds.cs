namespace Dmm.Wire;

/// <summary>How <c>seqId</c> and <c>prevSeqId</c> become the update ids of a book message.</summary>
/// <param name="First">First id covered: the one behind <c>prevSeqId</c>, never above <paramref name="Last"/> (a heartbeat repeats it, a reset lowers
/// it).</param>
/// <param name="Last"><c>seqId</c>.</param>
/// <param name="Previous"><c>prevSeqId</c>; −1 in a snapshot.</param>
internal readonly record struct OkxUpdateIds(long First, long Last, long Previous)
{
    public static readonly OkxUpdateIds None = new(0, 0, -1);

    public static OkxUpdateIds From(long previous, long last) => new(previous < 0 ? last : Math.Min(previous + 1, last), last, previous);
}
