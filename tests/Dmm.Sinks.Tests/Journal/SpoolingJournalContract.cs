using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>The journal always works: the spool is never used.</summary>
public sealed class UpSpoolingJournalContract : JournalContract
{
    protected override IJournalUnderTest NewJournal() => new Spooled(isAway: false);

    internal sealed class Spooled : IJournalUnderTest
    {
        private readonly SpoolRig _rig = new();
        private readonly bool _isAway;

        public Spooled(bool isAway) => _isAway = isAway;

        public IJournalWriter OpenWriter()
        {
            // It can be opened, and then takes nothing.
            _rig.Broker.IsAway = false;
            var writer = _rig.Open();
            _rig.Broker.IsAway = _isAway;
            return writer;
        }

        public IJournalReader OpenReader() => _rig.OpenReader();

        public void Dispose() => _rig.Dispose();
    }
}

/// <summary>The journal takes nothing but what the process before left in the spool: all that a writer writes goes there.</summary>
public sealed class DownSpoolingJournalContract : JournalContract
{
    protected override IJournalUnderTest NewJournal() => new UpSpoolingJournalContract.Spooled(isAway: true);
}
