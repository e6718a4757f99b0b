namespace Jarn.Kernels;

/// <summary>
/// Device calls in order, to be made again and again on other inputs, as a CUDA graph is. Each buffer that the calls use in between takes
/// memory of the device's pool just before the first and gives it back just after the last call that uses it, or hands it on where an
/// elementwise call may write over what it reads; between two runs the program holds none. A run allocates nothing managed.
/// </summary>
public sealed class CapturedProgram
{
    private readonly IDevice _device;
    private readonly CapturedCall[] _calls;
    private readonly CapturedBuffer[][] _begins, _ends;
    private readonly CapturedBuffer[] _inputs, _outputs;

    internal CapturedProgram(
        IDevice device, CapturedCall[] calls, IReadOnlyList<CapturedBuffer> used, CapturedBuffer[] inputs, IReadOnlyList<DeviceBuffer> outputs)
    {
        CapturedBuffer[] computed = [.. used.Except(inputs)];
        (_device, _calls, _inputs, _outputs) = (device, calls, inputs, [.. outputs.OfType<CapturedBuffer>().Intersect(computed)]);
        if (_outputs.Length != outputs.Count)
        {
            throw new ArgumentException("an output must be what the captured calls compute, and none can be given twice");
        }
        CapturedBuffer[] ending = [.. computed.Except(_outputs)];
        foreach (CapturedBuffer buffer in computed)
        {
            if (buffer.Predecessor is CapturedBuffer earlier)
            {
                earlier.HandsOn = earlier.LastCall == buffer.FirstCall && ending.Contains(earlier);
                buffer.Predecessor = earlier.HandsOn ? earlier : null;
            }
        }
        _begins = ByCall(computed, buffer => buffer.FirstCall);
        _ends = ByCall(ending, buffer => buffer.LastCall);
    }

    /// <summary>Replays the captured calls.</summary>
    /// <param name="inputs">Memory of the inputs' lengths, in their order.</param>
    /// <param name="outputs">Receives one buffer an output; the caller disposes them.</param>
    public void Run(ReadOnlySpan<DeviceBuffer> inputs, Span<DeviceBuffer?> outputs)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            Require.SameLength(inputs[i], _inputs[i]);
            _inputs[i].Memory = inputs[i];
        }
        try
        {
            for (int call = 0; call < _calls.Length; call++)
            {
                foreach (CapturedBuffer buffer in _begins[call])
                {
                    buffer.Take(_device);
                }
                _calls[call].Replay(_device);
                foreach (CapturedBuffer buffer in _ends[call])
                {
                    buffer.Leave();
                }
            }
            for (int i = 0; i < _outputs.Length; i++)
            {
                outputs[i] = _outputs[i].Memory;
                _outputs[i].Memory = null;
            }
        }
        finally
        {
            // Nothing is left to give back unless a call failed.
            foreach (CapturedBuffer[] buffers in _begins)
            {
                foreach (CapturedBuffer buffer in buffers)
                {
                    buffer.Leave();
                }
            }
            foreach (CapturedBuffer input in _inputs)
            {
                input.Memory = null;
            }
        }
    }

    private CapturedBuffer[][] ByCall(IEnumerable<CapturedBuffer> buffers, Func<CapturedBuffer, int> call)
    {
        ILookup<int, CapturedBuffer> lookup = buffers.ToLookup(call);
        return [.. Enumerable.Range(0, _calls.Length).Select(number => lookup[number].ToArray())];
    }
}
