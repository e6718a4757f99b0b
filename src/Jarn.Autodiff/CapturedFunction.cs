using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// A function that builds its tape only once for each combination of its inputs' shapes. The device calls of that tape are recorded, and a run
/// replays them: the result is the same to the bit, without a tape and without managed allocation. Each buffer is freed after the last call that uses
/// it, so a forward pass alone holds only the memory of a layer or two.
/// </summary>
/// <param name="device">The device that computes the function.</param>
/// <param name="function">
/// Computes the outputs from the inputs, on the given tape. It may use other tensors, such as parameters: each run reads their current values. No
/// output may be an input. The function must not read values, draw random numbers or take an optimiser's step: it is called once for each combination
/// of shapes, before there are any values.
/// </param>
/// <param name="changes">
/// Names the tensors that a run changes in place, given the inputs: some of the inputs, or other tensors that the function uses. Null if there are
/// none. The first run throws an <see cref="InvalidOperationException"/> if the function changes any other tensor.
/// </param>
public sealed class CapturedFunction<TOutputs>(
    IDevice device, Func<Tape, IReadOnlyList<Tensor>, TOutputs> function, Func<IReadOnlyList<Tensor>, IEnumerable<Tensor>>? changes = null)
    where TOutputs : ICapturedOutputs<TOutputs>
{
    private readonly List<Capture> _captures = [];

    /// <summary>Computes the outputs for these inputs.</summary>
    /// <returns>
    /// The outputs, the same object for inputs of the same shapes. Their values are valid until <see cref="Release"/> or the next run with inputs of
    /// these shapes.
    /// </returns>
    public TOutputs Run(params ReadOnlySpan<Tensor> inputs)
    {
        Capture capture = Find(inputs);
        capture.Run(inputs);
        return capture.Outputs;
    }

    /// <summary>Frees the memory of the outputs. Otherwise they keep it until the next run. No other memory is held between runs.</summary>
    public void Release() => _captures.ForEach(static capture => capture.Release());

    private Capture Find(ReadOnlySpan<Tensor> inputs)
    {
        foreach (Capture capture in _captures)
        {
            if (capture.Takes(inputs))
            {
                return capture;
            }
        }
        _captures.Add(new Capture(device, function, changes, inputs));
        return _captures[^1];
    }

    private sealed class Capture
    {
        private readonly CapturedProgram _program;
        private readonly Shape[] _shapes;
        private readonly Storage[] _storages;
        private readonly DeviceBuffer[] _inputBuffers;
        private readonly DeviceBuffer?[] _outputBuffers;

        public Capture(
            IDevice device, Func<Tape, IReadOnlyList<Tensor>, TOutputs> function, Func<IReadOnlyList<Tensor>, IEnumerable<Tensor>>? changes,
            ReadOnlySpan<Tensor> given)
        {
            CapturingDevice capturing = new(device);
            Tensor[] inputs = new Tensor[given.Length];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = new Tensor(capturing, given[i].Shape);
            }
            using Tape tape = new(capturing);
            TOutputs outputs = function(tape, inputs);
            // Outputs may be views of one another.
            List<Storage> captured = [];
            outputs.With(output =>
            {
                if (!captured.Contains(output.Storage))
                {
                    captured.Add(output.Storage);
                }
                return output;
            });
            _program = capturing.End(
                [.. inputs.Select(input => input.Buffer)], [.. captured.Select(storage => storage.Buffer)],
                [.. (changes?.Invoke(inputs) ?? []).Select(changed => changed.Buffer)]);
            _shapes = [.. inputs.Select(input => input.Shape)];
            _storages = [.. captured.Select(_ => new Storage(null))];
            Outputs = outputs.With(output => new Tensor(output.Shape, _storages[captured.IndexOf(output.Storage)], null));
            _inputBuffers = new DeviceBuffer[inputs.Length];
            _outputBuffers = new DeviceBuffer?[captured.Count];
        }

        public TOutputs Outputs { get; }

        public bool Takes(ReadOnlySpan<Tensor> inputs)
        {
            bool fits = inputs.Length == _shapes.Length;
            for (int i = 0; fits && i < inputs.Length; i++)
            {
                fits = inputs[i].Shape == _shapes[i];
            }
            return fits;
        }

        public void Run(ReadOnlySpan<Tensor> inputs)
        {
            Release();
            for (int i = 0; i < inputs.Length; i++)
            {
                _inputBuffers[i] = inputs[i].Buffer;
            }
            _program.Run(_inputBuffers, _outputBuffers);
            for (int i = 0; i < _storages.Length; i++)
            {
                _storages[i].Replace(_outputBuffers[i]);
            }
        }

        public void Release()
        {
            foreach (Storage storage in _storages)
            {
                storage.Free();
            }
        }
    }
}
