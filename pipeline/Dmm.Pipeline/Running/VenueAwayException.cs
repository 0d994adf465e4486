using Dmm.Pipeline.Commands;

namespace Dmm.Pipeline.Running;

/// <summary>A venue does not answer now. A command that was asked for once ends with it; a service asks again.</summary>
internal sealed class VenueAwayException(string message) : BadInputException(message);
