using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class NormalizeTests(TestDevice device) : FastDeviceFixture(device)
{
    private static readonly RowGeometry[] Cases =
    [
        new(1, 1), new(3, 2), new(7, 9), new(2, 31), new(5, 33), new(64, 784), new(1, 4097), new(2, 5000), new(300, 12),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Both_orders_agree_with_the_reference(RowGeometry geometry) => CheckAll(geometry);

    [Test]
    public void Buffers_that_cannot_be_right_are_refused()
    {
        NormalizeData data = new(new NormalizeGeometry(2, 5, 1e-6), Sample.Normal(10, seed: 1));
        Conformance.CheckRefusals(Device, data.Forward);
        Conformance.CheckRefusals(Device, data.Gradient);
    }

    /// <summary>Ordinary rows; rows with a mean that dwarfs their deviation; rows whose norm is below its bound, and rows of zeros.</summary>
    internal void CheckAll(RowGeometry geometry)
    {
        (int rows, int columns) = geometry;
        Check(new NormalizeData(new NormalizeGeometry(rows, columns, 1e-6), Sample.Normal(geometry.Length, seed: 1, mean: 0.3)));
        Check(new NormalizeData(new NormalizeGeometry(rows, columns, 1e-6), Sample.Normal(geometry.Length, seed: 2, mean: 100, deviation: 0.1)));
        Check(new NormalizeData(new NormalizeGeometry(rows, columns, 1e-6), Sample.Normal(geometry.Length, seed: 3, deviation: 1e-10)));
        Check(new NormalizeData(new NormalizeGeometry(rows, columns, 1e-6), new float[geometry.Length]));
    }

    private void Check(NormalizeData data)
    {
        Conformance.Check(Device, data.Forward, Tolerance.RelativeTo(2, [.. data.ForwardErrors(Device)]));
        Conformance.Check(Device, data.Gradient, Tolerance.RelativeTo(2, data.GradientErrors()));
    }
}

/// <summary>Inputs of both orders, the calls on them, and their error bounds in units of u.</summary>
internal sealed class NormalizeData
{
    private readonly NormalizeGeometry _geometry;
    private readonly float[] _x, _y, _reciprocalNorm, _outputCotangent;

    public NormalizeData(NormalizeGeometry geometry, float[] x)
    {
        (_geometry, _x, _outputCotangent) = (geometry, x, Sample.Normal(geometry.Length, seed: 9, mean: 0.5));
        double[][] results = Forward.OnReference();
        _y = Array.ConvertAll(results[0], value => (float)value);
        _reciprocalNorm = Array.ConvertAll(results[1], value => (float)value);
    }

    public Call Forward => new(
        [_x], [Call.Unwritten(_geometry.Length), Call.Unwritten(_geometry.Rows)], (d, x, y) => d.CenterAndNormalize(x[0], _geometry, y[0], y[1]));

    public Call Gradient => new(
        [_y, _reciprocalNorm, _outputCotangent], [Call.Unwritten(_geometry.Length)],
        (d, x, y) => d.CenterAndNormalizeGradient(x[0], x[1], x[2], _geometry, y[0]));

    public double[][] ForwardErrors(TestDevice device)
    {
        List<double> y = [], reciprocals = [];
        foreach (float[] row in _x.Chunk(_geometry.Columns))
        {
            double mean = row.Average(x => (double)x);
            Rounded meanOfRow = Rounded.Sum([.. row.Select(x => new Rounded(Math.Abs(x), 0))]) * (1.0 / row.Length);
            Rounded[] centered = [.. row.Select(x => new Rounded(Math.Abs(x - mean), meanOfRow.Error + Math.Abs(x - mean)))];
            Rounded squares = Rounded.Sum([.. centered.Select(c => c * c)]);
            double norm = Math.Sqrt(squares.Size), factor = Math.Min(1 / norm, _geometry.LargestReciprocal);
            // The square root halves a relative error; a norm that errors may lift to its bound is as uncertain as they are.
            double relative = norm == 0 ? 0 : (squares.Error / squares.Size / 2) + (device.Approximates ? 8 : 2);
            Rounded r = new(factor, factor * (1 + (norm < _geometry.Epsilon / 2 ? 0 : relative)));
            y.AddRange(centered.Select(c => (c * r).Error));
            reciprocals.Add(r.Error);
        }
        return [[.. y], [.. reciprocals]];
    }

    public double[] GradientErrors()
    {
        double[] errors = new double[_geometry.Length];
        for (int row = 0; row < _geometry.Rows; row++)
        {
            int first = row * _geometry.Columns, last = first + _geometry.Columns;
            Rounded[] g = [.. _outputCotangent[first..last].Select(value => (Rounded)value)];
            Rounded[] y = [.. _y[first..last].Select(value => (Rounded)value)];
            Rounded mean = Rounded.Sum(g) * (1.0 / g.Length), gy = Rounded.Sum([.. g.Zip(y, (a, b) => a * b)]), r = _reciprocalNorm[row];
            for (int i = first; i < last; i++)
            {
                errors[i] = (r * (g[i - first] + mean + (y[i - first] * gy))).Error;
            }
        }
        return errors;
    }
}
