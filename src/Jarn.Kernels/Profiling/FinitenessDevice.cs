namespace Jarn.Kernels;

/// <summary>The operation in which a value first became infinite or NaN.</summary>
/// <param name="Operation">The operation's name; of pointwise functions with the function's.</param>
/// <param name="Tensor">What the operation wrote, or the named tensor nearest before it; null where no named tensor led there.</param>
public sealed record NonFiniteResult(string Operation, string? Tensor)
{
    public override string ToString() => Tensor is null ? $"a result of {Operation}" : $"{Tensor} ({Operation})";
}

/// <summary>Looks at what every call to another device writes, for the first value that is infinite or no number. It waits for each call.</summary>
public sealed class FinitenessDevice(IDevice device) : ObservedDevice(device)
{
    private readonly Dictionary<DeviceBuffer, string> _names = [], _origins = [];
    private DeviceBuffer? _culprit;

    /// <summary>Null while all values were finite.</summary>
    public NonFiniteResult? First { get; private set; }

    /// <summary>Says what a buffer holds, for as long as it is lent.</summary>
    public void Name(DeviceBuffer buffer, string name) => _names[buffer] = name;

    public override void Execute<TCall>(in TCall call)
    {
        Observed.Execute(call);
        CallBuffers buffers = new();
        _ = call.With(buffers);
        if (First is not null)
        {
            NameGradient(buffers, isUpdate: typeof(TCall).IsAssignableTo(typeof(IParameterUpdate)));
            return;
        }
        // A buffer of a pool comes back with other values in it: what a call writes replaces what was known of its origin.
        string? layer = buffers.Reads.Select(_names.GetValueOrDefault).FirstOrDefault(name => name is not null);
        string? origin = layer ?? buffers.Reads.Select(_origins.GetValueOrDefault).FirstOrDefault(name => name is not null);
        foreach (DeviceBuffer output in buffers.Writes)
        {
            // Around what was placed there may be whatever the memory held; and what was placed is another call's result.
            if (!buffers.WritesPart && !IsFinite(output))
            {
                _culprit = output;
                string? behind = layer is not null ? $"the result of {layer}" : origin is not null ? $"what came of {origin}" : null;
                First = new NonFiniteResult(TCall.Operation, _names.GetValueOrDefault(output) ?? behind);
                return;
            }
            _origins.Remove(output);
            if (origin is not null)
            {
                _origins[output] = origin;
            }
        }
    }

    /// <summary>A gradient has no name when it is computed: it is known by the parameter that an optimiser then updates with it.</summary>
    private void NameGradient(CallBuffers buffers, bool isUpdate)
    {
        if (isUpdate && buffers.Reads[0] == _culprit)
        {
            First = First! with { Tensor = $"the gradient of {_names.GetValueOrDefault(buffers.Writes[0], "a parameter")}" };
        }
        _culprit = _culprit is not null && buffers.Writes.Contains(_culprit) ? null : _culprit;
    }

    /// <summary>0·x is 0 where x is finite and no number elsewhere, and so is the sum over all x: one number to wait for.</summary>
    private bool IsFinite(DeviceBuffer buffer)
    {
        using DeviceBuffer zeros = Observed.Allocate(buffer.Length), sum = Observed.Allocate(1);
        Observed.Map(new Scale(0), buffer, zeros);
        Observed.Sum(zeros, new AxisGeometry(1, buffer.Length, 1), sum);
        double value = 0;
        Observed.Download(sum, new Span<double>(ref value));
        return double.IsFinite(value);
    }

    /// <summary>The buffers of a call by their roles.</summary>
    private sealed class CallBuffers : ICallBuffers
    {
        public List<DeviceBuffer> Reads { get; } = [];

        public List<DeviceBuffer> Writes { get; } = [];

        public bool WritesPart { get; private set; }

        public DeviceBuffer Read(DeviceBuffer buffer)
        {
            Reads.Add(buffer);
            return buffer;
        }

        public DeviceBuffer Write(DeviceBuffer buffer)
        {
            Writes.Add(buffer);
            return buffer;
        }

        public DeviceBuffer WritePart(DeviceBuffer buffer)
        {
            WritesPart = true;
            return Write(buffer);
        }
    }
}
