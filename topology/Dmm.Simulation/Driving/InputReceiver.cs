using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>Takes what a simulated venue says, at the moment it reaches us; levels of a book update are valid during the call.</summary>
public delegate void InputReceiver(in Input input);
