using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>A named tensor of a network.</summary>
/// <param name="Name">Its name in checkpoints, a dotted path such as conv1.weight.</param>
/// <param name="Value">Its values, which optimisers change in place.</param>
/// <param name="Decays">Whether weight decay applies: to the weights of convolutions and linear layers, not to biases and batch norm.</param>
public sealed record Parameter(string Name, Tensor Value, bool Decays);
