using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Tests.Autodiff;

public sealed class CapturedFunctionTests
{
    private const int Side = 30;

    private ReferenceDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void A_run_computes_from_the_present_values_of_inputs_and_of_what_it_refers_to()
    {
        using Tensor parameter = Vector(2, 3), first = Vector(1, 10), second = Vector(5, 7);
        CapturedFunction<CapturedTensors> function = Captured((tape, inputs) => [tape.Multiply(inputs[0], parameter)]);
        Assert.That(function.Run(first).Values[0].ToDoubles(), Is.EqualTo(new[] { 2.0, 30.0 }));
        Assert.That(function.Run(second).Values[0].ToDoubles(), Is.EqualTo(new[] { 10.0, 21.0 }));
        _device.Fill(4, parameter.Buffer);
        Assert.That(function.Run(second).Values[0].ToDoubles(), Is.EqualTo(new[] { 20.0, 28.0 }));
    }

    [Test]
    public void It_is_captured_once_for_each_combination_of_shapes()
    {
        int captures = 0;
        CapturedFunction<CapturedTensors> function = Captured((tape, inputs) =>
        {
            captures++;
            return [tape.Sum(inputs[0])];
        });
        using Tensor two = Vector(1, 2), three = Vector(1, 2, 3), column = Tensor.From(_device, new Shape(3, 1), [4.0, 5.0, 6.0]);
        double[] sums = [.. new[] { two, three, column, two, three, column }.Select(tensor => function.Run(tensor).Values[0].ToScalar())];
        Assert.That((sums, captures), Is.EqualTo((new[] { 3.0, 6.0, 15.0, 3.0, 6.0, 15.0 }, 3)));
    }

    [Test]
    public void Views_calls_in_place_and_partial_writes_are_what_they_are_on_a_tape()
    {
        using Tensor x = Tensor.From(_device, new Shape(2, 3), [.. Enumerable.Range(1, 6).Select(value => (double)value)]);
        using Tensor count = Vector(0);
        Tensor[] Function(Tape tape, IReadOnlyList<Tensor> inputs)
        {
            Tensor doubled = tape.Scale(inputs[0], 2);
            Tensor flat = tape.Reshape(doubled, new Shape(6));
            Tensor joined = tape.Concatenate(1, doubled, tape.Pad(inputs[0], 1, 1, 0));
            tape.Device.Map(new Offset(1), flat.Buffer, flat.Buffer);
            tape.Device.Map(new Offset(1), count.Buffer, count.Buffer);
            return [doubled, flat, joined, tape.Slice(joined, 0, 1, 1)];
        }
        using Tape tape = new(_device);
        double[][] expected = [.. Function(tape, [x]).Select(tensor => tensor.ToDoubles())];
        CapturedFunction<CapturedTensors> function = Captured(Function, changes: _ => [count]);
        for (int run = 0; run < 2; run++)
        {
            double[][] actual = [.. function.Run(x).Values.Select(tensor => tensor.ToDoubles())];
            Assert.That(actual, Is.EqualTo(expected));
        }
        Assert.That(count.ToScalar(), Is.EqualTo(3), "once on the tape, once a run, never while captured");
    }

    [Test]
    public void A_forward_pass_holds_two_activations_at_a_time_and_one_where_calls_are_elementwise([Values] bool elementwise)
    {
        using Tensor x = new(_device, new Shape(Side, Side));
        _device.Fill(0.5, x.Buffer);
        CapturedFunction<CapturedTensors> function = Captured((tape, inputs) =>
            [Enumerable.Range(0, 50).Aggregate(inputs[0], (h, _) => elementwise ? tape.Tanh(h) : tape.MatMul(h, inputs[0]))]);
        function.Run(x);
        Assert.That(_device.Memory.PeakElements, Is.EqualTo((elementwise ? 2 : 3) * x.Length), "with the input");
    }

    [TestCaseSource(nameof(Seeds))]
    public void A_random_graph_has_the_bits_of_its_tape(int seed)
    {
        using Tensor x = Vector(1, -2, 3, 0.5), s = Vector(0.3, 7, -1, 2);
        using Tape tape = new(_device);
        double[][] expected = [.. RandomGraph(tape, [x, s], new Random(seed)).Select(tensor => tensor.ToDoubles())];
        CapturedFunction<CapturedTensors> function = Captured((tape, inputs) => RandomGraph(tape, inputs, new Random(seed)));
        for (int run = 0; run < 2; run++)
        {
            Assert.That(function.Run(x, s).Values.Select(tensor => tensor.ToDoubles()), Is.EqualTo(expected));
        }
    }

    private static IEnumerable<int> Seeds() => Enumerable.Range(0, 60);

    /// <summary>Functions of earlier tensors, views of them and changes in place; a few of them are outputs.</summary>
    private static Tensor[] RandomGraph(Tape tape, IReadOnlyList<Tensor> inputs, Random random)
    {
        List<Tensor> tensors = [.. inputs], computed = [];
        for (int i = 0; i < 25; i++)
        {
            Tensor a = tensors[random.Next(tensors.Count)], b = tensors[random.Next(tensors.Count)], whole = tape.Reshape(a, new Shape(4));
            Tensor result = random.Next(6) switch
            {
                0 => tape.Tanh(a),
                1 => tape.Multiply(whole, tape.Reshape(b, new Shape(4))),
                2 => tape.Reshape(tape.Tanh(a), new Shape(2, 2)),
                3 => tape.Concatenate(0, tape.Slice(whole, 0, 2, 2), tape.Slice(tape.Reshape(b, new Shape(4)), 0, 1, 2)),
                4 => tape.Pad(tape.Slice(whole, 0, 0, 3), 0, 1, 0),
                _ => tape.Subtract(whole, tape.Sum(whole), new AxisGeometry(1, 4, 1)),
            };
            tensors.Add(result);
            computed.Add(result);
            if (random.Next(4) == 0)
            {
                Tensor changed = computed[random.Next(computed.Count)];
                tape.Device.Map(new Scale(0.5), changed.Buffer, changed.Buffer);
            }
        }
        return [.. computed.Where(_ => random.Next(5) == 0), computed[^1]];
    }

    [Test]
    public void Between_runs_it_holds_its_outputs_until_they_are_released()
    {
        using Tensor x = Vector(1, 2);
        CapturedFunction<CapturedTensors> function = Captured((tape, inputs) =>
        {
            Tensor squares = tape.Square(inputs[0]), loss = tape.Sum(tape.Exp(squares));
            tape.Keep(squares);
            return [loss, squares, tape.Gradient(loss, [inputs[0]], differentiable: false)[0]];
        });
        Tensor loss = function.Run(x).Values[0];
        function.Run(x);
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(1 + 3));
        function.Release();
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(1));
        Assert.That(() => loss.ToScalar(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(function.Run(x).Values[0], Is.SameAs(loss));
        Assert.That(loss.ToScalar(), Is.EqualTo(Math.E + Math.Exp(4)).Within(1e-12));
    }

    [Test]
    public void A_call_that_fails_leaves_no_memory_lent()
    {
        using Tensor x = Vector(1, 2);
        Tensor parameter = Vector(3);
        CapturedFunction<CapturedTensors> function = Captured(
            (tape, inputs) => [tape.Multiply(tape.Square(inputs[0]), parameter, new AxisGeometry(1, 2, 1))]);
        function.Run(x);
        function.Release();
        parameter.Dispose();
        Assert.That(() => function.Run(x), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(1));
    }

    [Test]
    public void A_call_that_cannot_be_right_is_refused_when_it_is_captured()
    {
        using Tensor x = Vector(1, 2);
        CapturedFunction<CapturedTensors> function = Captured((tape, inputs) =>
        {
            Tensor y = tape.Square(inputs[0]), z = tape.Exp(y);
            tape.Device.Sum(z.Buffer, AxisGeometry.Elementwise(3), y.Buffer);
            return [y];
        });
        Assert.That(() => function.Run(x), Throws.ArgumentException);
        Assert.That(_device.Memory.LentBuffers, Is.EqualTo(1));
    }

    [Test]
    public void What_is_changed_in_place_must_be_declared([Values] bool isInput)
    {
        using Tensor x = Vector(1, 2), count = Vector(0, 0);
        Tensor[] Function(Tape tape, IReadOnlyList<Tensor> inputs)
        {
            Tensor changed = isInput ? inputs[0] : count;
            tape.Device.Map(new Offset(1), changed.Buffer, changed.Buffer);
            return [tape.Square(inputs[0])];
        }
        Assert.That(() => Captured(Function).Run(x),
            Throws.InvalidOperationException.With.Message.Contains("1 buffers are changed in place and not declared"));
        CapturedFunction<CapturedTensors> declared = Captured(Function, inputs => [isInput ? inputs[0] : count]);
        declared.Run(x);
        Assert.That(
            (x.ToDoubles(), count.ToDoubles()), Is.EqualTo(isInput ? (new[] { 2.0, 3 }, new[] { 0.0, 0 }) : (new[] { 1.0, 2 }, new[] { 1.0, 1 })));
    }

    [Test]
    public void What_has_no_values_yet_or_would_never_change_is_refused()
    {
        using Tensor x = Vector(1, 2), parameter = Vector(1, 2);
        Assert.That(() => Run((tape, inputs) => tape.Scale(inputs[0], inputs[0].ToDoubles()[0])),
            Throws.InvalidOperationException.With.Message.Contains("no values to read"));
        Assert.That(() => Run((tape, inputs) => Changed(inputs[0], buffer => tape.Device.RandomUniform(default, 0, 1, buffer))), Refused("random"));
        Assert.That(() => Run((tape, inputs) => Changed(inputs[0], buffer => tape.Device.RandomNormal(default, 0, 1, buffer))), Refused("random"));
        Assert.That(() => Run((tape, inputs) => Changed(inputs[0], buffer => tape.Device.SgdMomentum(default, buffer, buffer, buffer))),
            Refused("learning rate"));
        Assert.That(() => Run((tape, inputs) => Changed(inputs[0], buffer => tape.Device.Adam(default, buffer, buffer, buffer, buffer))),
            Refused("iteration"));
        Assert.That(() => Run((_, inputs) => inputs[0]), Throws.ArgumentException.With.Message.Contains("what the captured calls compute"));
        Assert.That(() => Run((_, _) => parameter), Throws.ArgumentException);

        void Run(Func<Tape, IReadOnlyList<Tensor>, Tensor> function) => Captured((tape, inputs) => [function(tape, inputs)]).Run(x);
        static Tensor Changed(Tensor tensor, Action<DeviceBuffer> change)
        {
            change(tensor.Buffer);
            return tensor;
        }
        static NUnit.Framework.Constraints.IResolveConstraint Refused(string what) =>
            Throws.InvalidOperationException.With.Message.Contains(what).And.Message.Contains("between the replays");
    }

    [Test]
    public void A_profile_counts_the_calls_of_each_run()
    {
        using ProfilingDevice profile = new(_device);
        using Tensor x = Vector(1, 2);
        CapturedFunction<CapturedTensor> function = new(profile, (tape, inputs) => new CapturedTensor(tape.Sum(tape.Exp(inputs[0]))));
        for (int run = 0; run < 3; run++)
        {
            function.Run(x);
        }
        Assert.That(profile.Entries.Select(entry => (entry.Operation, entry.Calls)), Is.EquivalentTo(new[] { ("Map Exponential", 3L), ("Sum", 3L) }));
    }

    private CapturedFunction<CapturedTensors> Captured(
        Func<Tape, IReadOnlyList<Tensor>, Tensor[]> function, Func<IReadOnlyList<Tensor>, IEnumerable<Tensor>>? changes = null) =>
        new(_device, (tape, inputs) => new CapturedTensors(function(tape, inputs)), changes);

    private Tensor Vector(params double[] values) => Tensor.From(_device, new Shape(values.Length), values);
}
