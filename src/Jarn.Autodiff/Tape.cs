using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// Records operations and differentiates them in reverse. A tape lives for one step: <c>using Tape tape = new(device);</c>. It owns the
/// tensors that its operations create. Parameters and batches are created outside it.
/// </summary>
/// <param name="device">The device that computes everything.</param>
/// <param name="recording">False for inference: the tape records nothing, and nothing can be differentiated.</param>
public sealed class Tape(IDevice device, bool recording = true) : IDisposable
{
    private readonly List<Node> _nodes = [];
    private readonly HashSet<Storage> _owned = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Tensor> _kept = new(ReferenceEqualityComparer.Instance);
    private List<Storage>? _fresh;
    private bool _recording = recording;
    private bool _consumed;

    /// <summary>The device that computes everything.</summary>
    public IDevice Device { get; } = device;

    /// <summary>The recorded operations, in order.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Computes an operation's outputs, and records it.</summary>
    public Tensor[] Apply(Op op, params Tensor[] inputs)
    {
        Tensor[] outputs = op.Forward(this, inputs);
        if (_recording)
        {
            Node node = new(_nodes.Count, op, inputs, outputs);
            _nodes.Add(node);
            foreach (Tensor output in outputs)
            {
                output.Producer = node;
            }
        }
        return outputs;
    }

    /// <summary>A tensor with undefined values. The tape owns it.</summary>
    public Tensor Allocate(Shape shape)
    {
        Storage storage = new(Device.Allocate(shape.Length));
        _owned.Add(storage);
        _fresh?.Add(storage);
        return new Tensor(shape, storage, null);
    }

    /// <summary>A tensor of zeros. The tape owns it.</summary>
    public Tensor Zeros(Shape shape)
    {
        Tensor zeros = Allocate(shape);
        Device.Fill(0, zeros.Buffer);
        return zeros;
    }

    /// <summary>The same values in another shape, detached from the tape: no gradient flows through it.</summary>
    public static Tensor View(Tensor tensor, Shape shape) => shape.Length == tensor.Length
        ? new Tensor(shape, tensor.Storage, null)
        : throw new ArgumentException($"{tensor.Shape} can't be seen as {shape}");

    /// <summary>Keeps the values of a tensor until the tape is disposed, so that they can be read after its last sweep.</summary>
    public void Keep(Tensor tensor) => _kept.Add(tensor);

    /// <summary>∂y/∂wrt for a scalar y. The gradient is zero for a target that y does not depend on.</summary>
    /// <param name="y">A tensor of one element.</param>
    /// <param name="wrt">The targets. The sweep computes only the cotangents that they need.</param>
    /// <param name="differentiable">
    /// True records the sweep, so that functions of the gradient can be differentiated. False makes this the tape's last sweep: each buffer is freed
    /// as soon as the rest of the sweep does not need it, except y, the targets, the gradients and the tensors passed to <see cref="Keep"/>.
    /// </param>
    /// <returns>One gradient per target, of the target's shape. The tape owns them.</returns>
    public Tensor[] Gradient(Tensor y, IReadOnlyList<Tensor> wrt, bool differentiable)
    {
        if (y.Length != 1)
        {
            throw new ArgumentException($"the gradient of a tensor of shape {y.Shape} is no gradient: sum it to a scalar first");
        }
        if (!_recording)
        {
            throw new InvalidOperationException(_consumed
                ? "the tape's last sweep was made: a gradient to be followed by another must be differentiable"
                : "the tape does not record: nothing on it can be differentiated");
        }
        List<Node> path = Prune(y, wrt, out HashSet<Tensor> active);
        if (differentiable)
        {
            return Sweep(y, wrt, path, active, new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance));
        }
        _recording = false;
        _consumed = true;
        _fresh = [];
        HoldForLastSweep(y, wrt, path);
        Tensor[] gradients = Sweep(y, wrt, path, active, new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance));
        _fresh = null;
        return gradients;
    }

    public void Dispose()
    {
        foreach (Storage storage in _owned)
        {
            storage.Free();
        }
        _owned.Clear();
        _nodes.Clear();
        _recording = false;
    }

    /// <summary>The nodes between the targets and y, in order; active are the tensors that depend on a target.</summary>
    private List<Node> Prune(Tensor y, IReadOnlyList<Tensor> wrt, out HashSet<Tensor> active)
    {
        active = new HashSet<Tensor>(wrt, ReferenceEqualityComparer.Instance);
        List<Node> dependent = [];
        for (int i = 0; i <= (y.Producer?.Index ?? -1); i++)
        {
            if (_nodes[i].Inputs.Any(active.Contains))
            {
                dependent.Add(_nodes[i]);
                active.UnionWith(_nodes[i].Outputs);
            }
        }
        HashSet<Tensor> reaching = new(ReferenceEqualityComparer.Instance) { y };
        List<Node> path = [];
        for (int i = dependent.Count - 1; i >= 0; i--)
        {
            if (dependent[i].Outputs.Any(reaching.Contains))
            {
                path.Add(dependent[i]);
                reaching.UnionWith(dependent[i].Inputs);
            }
        }
        path.Reverse();
        return path;
    }

    private Tensor[] Sweep(Tensor y, IReadOnlyList<Tensor> wrt, List<Node> path, HashSet<Tensor> active, Dictionary<Tensor, Tensor> cotangents)
    {
        HashSet<Tensor> targets = new(wrt, ReferenceEqualityComparer.Instance);
        if (active.Contains(y))
        {
            Tensor seed = Allocate(y.Shape);
            Device.Fill(1, seed.Buffer);
            Hold(seed.Storage);
            cotangents[y] = seed;
        }
        for (int i = path.Count - 1; i >= 0; i--)
        {
            Node node = path[i];
            Tensor?[] incoming = [.. node.Outputs.Select(cotangents.GetValueOrDefault)];
            if (incoming.Any(cotangent => cotangent is not null))
            {
                bool[] needed = [.. node.Inputs.Select(active.Contains)];
                Tensor?[] outgoing = node.Op.Backward(this, node, incoming, needed);
                for (int k = 0; k < needed.Length; k++)
                {
                    if (needed[k] && outgoing[k] is Tensor cotangent)
                    {
                        Accumulate(cotangents, node.Inputs[k], cotangent);
                    }
                }
            }
            foreach (Tensor output in node.Outputs.Where(output => !targets.Contains(output)))
            {
                if (cotangents.Remove(output, out Tensor? spent))
                {
                    Unhold(spent.Storage);
                }
            }
            foreach (Storage storage in _recording ? [] : node.SavedStorages())
            {
                Unhold(storage);
            }
            FreeUnheldFresh();
        }
        return [.. wrt.Select(target => cotangents.GetValueOrDefault(target) ?? Zeros(target.Shape))];
    }

    private void Accumulate(Dictionary<Tensor, Tensor> cotangents, Tensor tensor, Tensor cotangent)
    {
        if (cotangents.TryGetValue(tensor, out Tensor? earlier))
        {
            cotangent = this.Add(earlier, cotangent);
            Hold(cotangent.Storage);
            Unhold(earlier.Storage);
        }
        else
        {
            Hold(cotangent.Storage);
        }
        cotangents[tensor] = cotangent;
    }

    /// <summary>Counts who needs each buffer in the last sweep, and gives back at once what nobody does.</summary>
    private void HoldForLastSweep(Tensor y, IReadOnlyList<Tensor> wrt, List<Node> path)
    {
        foreach (Storage storage in _owned)
        {
            storage.Holds = 0;
        }
        foreach (Tensor tensor in _kept.Concat(wrt).Append(y))
        {
            Hold(tensor.Storage);
        }
        foreach (Storage storage in path.SelectMany(node => node.SavedStorages()))
        {
            Hold(storage);
        }
        foreach (Storage storage in _owned.Where(storage => storage.Holds == 0).ToList())
        {
            Free(storage);
        }
    }

    private static void Hold(Storage storage) => storage.Holds++;

    private void Unhold(Storage storage)
    {
        storage.Holds--;
        if (storage.Holds == 0 && !_recording && _owned.Contains(storage))
        {
            Free(storage);
        }
    }

    /// <summary>What a backward rule made on the way and did not return.</summary>
    private void FreeUnheldFresh()
    {
        if (_fresh is null)
        {
            return;
        }
        foreach (Storage storage in _fresh.Where(storage => storage.Holds == 0 && _owned.Contains(storage)))
        {
            Free(storage);
        }
        _fresh.Clear();
    }

    private void Free(Storage storage)
    {
        storage.Free();
        _owned.Remove(storage);
    }
}
