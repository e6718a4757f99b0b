namespace Jarn.Tests.Kernels;

/// <summary>
/// A running error analysis (Wilkinson): the size of a number, as a sum of absolute values, and a first-order bound of its error in units
/// of u. Every operation hands on its operands' errors and adds a rounding of its own.
/// </summary>
internal readonly record struct Rounded(double Size, double Error)
{
    /// <summary>An input, or a constant: exact, but for the rounding of a constant.</summary>
    public static implicit operator Rounded(double value) => new(Math.Abs(value), Math.Abs(value));

    public static Rounded operator +(Rounded a, Rounded b) => new(a.Size + b.Size, a.Error + b.Error + a.Size + b.Size);

    public static Rounded operator *(Rounded a, Rounded b) => new(a.Size * b.Size, (a.Size * b.Error) + (a.Error * b.Size) + (a.Size * b.Size));

    public static Rounded Sum(IReadOnlyCollection<Rounded> terms)
    {
        double size = terms.Sum(term => term.Size);
        return new Rounded(size, terms.Sum(term => term.Error) + (Tolerance.SumRoundings(terms.Count) * size));
    }
}

/// <summary>
/// Error bounds of batch norm's three orders, in units of u. The channel's condition is κ = 1 + |μ|·r: x̂ = (x−μ)r is off by κ(1 + |x̂|)
/// roundings, whether it is computed so or as x·r − μ·r.
/// </summary>
internal static class BatchNormErrors
{
    public static double[][] Forward(BatchNormData data)
    {
        double[][] errors = Errors(data, out int samples, out int channels, fullOutputs: [0]);
        // The mean and the variance are sums themselves.
        double sums = Tolerance.SumRoundings(samples);
        double[][] statistics = data.Forward.OnReference();
        for (int c = 0; c < channels; c++)
        {
            double mean = statistics[1][c], r = statistics[2][c], condition = (1 + (Math.Abs(mean) * r)) * sums, absolute = 0;
            for (int i = c; i < data.X.Length; i += channels)
            {
                Rounded xHat = Normalized(data.X[i], mean, r, condition);
                errors[0][i] = ((data.Gamma[c] * xHat) + data.Beta[c]).Error;
                absolute += Math.Abs(data.X[i]);
            }
            errors[1][c] = sums * absolute / samples;
            errors[2][c] = r * condition;
        }
        return errors;
    }

    public static double[][] Gradient(BatchNormData data)
    {
        double[][] errors = Errors(data, out int samples, out int channels, fullOutputs: [0]);
        for (int c = 0; c < channels; c++)
        {
            Channel channel = new(data, c);
            Rounded sg = Rounded.Sum(channel.G), sgx = Rounded.Sum([.. channel.G.Zip(channel.XHat, (g, x) => g * x)]);
            Rounded share = 1.0 / samples;
            for (int n = 0; n < samples; n++)
            {
                Rounded xBar = channel.Scale * (channel.G[n] + (share * sg) + (channel.XHat[n] * (share * sgx)));
                errors[0][(n * channels) + c] = xBar.Error;
            }
            errors[1][c] = sgx.Error;
            errors[2][c] = sg.Error;
        }
        return errors;
    }

    public static double[][] GradientGradient(BatchNormData data)
    {
        double[][] errors = Errors(data, out int samples, out int channels, fullOutputs: [0, 2]);
        for (int c = 0; c < channels; c++)
        {
            Channel channel = new(data, c);
            (Rounded[] g, Rounded[] v, Rounded[] x) = (channel.G, channel.V, channel.XHat);
            Rounded sg = Rounded.Sum(g), sv = Rounded.Sum(v), share = 1.0 / samples, r = data.ReciprocalDeviation[c];
            Rounded sgx = Dot(g, x), svx = Dot(v, x), svg = Dot(v, g);
            Rounded q = svg + (sv * (share * sg)) + (svx * (share * sgx));
            Rounded alpha = data.GammaCotangent[c] + (channel.Scale * (share * svx)), delta = channel.Scale * (share * sgx);
            for (int n = 0; n < samples; n++)
            {
                Rounded gBar =
                    (channel.Scale * (v[n] + (share * sv) + (x[n] * (share * svx)))) + (data.GammaCotangent[c] * x[n]) + data.BetaCotangent[c];
                Rounded xBar = r * ((alpha * g[n]) + (delta * v[n]) + (share * ((alpha * sg) + (delta * sv)))
                    + (x[n] * ((share * ((alpha * sgx) + (delta * svx))) + (channel.Scale * (share * q)))));
                errors[0][(n * channels) + c] = xBar.Error;
                errors[2][(n * channels) + c] = gBar.Error;
            }
            errors[1][c] = (r * q).Error;
        }
        return errors;
    }

    private static Rounded Dot(Rounded[] a, Rounded[] b) => Rounded.Sum([.. a.Zip(b, (x, y) => x * y)]);

    private static Rounded Normalized(double x, double mean, double r, double condition)
    {
        double size = Math.Abs(x - mean) * r;
        return new Rounded(size, condition * (1 + size));
    }

    private static double[][] Errors(BatchNormData data, out int samples, out int channels, int[] fullOutputs)
    {
        (samples, channels) = (data.Geometry.Samples, data.Geometry.Channels);
        double[][] errors = new double[3][];
        for (int output = 0; output < errors.Length; output++)
        {
            errors[output] = new double[fullOutputs.Contains(output) ? data.Geometry.Length : channels];
        }
        return errors;
    }

    /// <summary>One channel of the gradients' inputs.</summary>
    private sealed class Channel(BatchNormData data, int channel)
    {
        public Rounded[] G { get; } = [.. Column(data.OutputCotangent, data, channel).Select(g => (Rounded)g)];

        public Rounded[] V { get; } = [.. Column(data.XCotangent, data, channel).Select(v => (Rounded)v)];

        public Rounded[] XHat { get; } = [.. Column(data.X, data, channel).Select(x => Normalized(
            x, data.Mean[channel], data.ReciprocalDeviation[channel], 1 + Math.Abs(data.Mean[channel] * data.ReciprocalDeviation[channel])))];

        /// <summary>γr</summary>
        public Rounded Scale { get; } = (Rounded)data.Gamma[channel] * data.ReciprocalDeviation[channel];

        private static IEnumerable<float> Column(float[] values, BatchNormData data, int channel) =>
            Enumerable.Range(0, data.Geometry.Samples).Select(n => values[(n * data.Geometry.Channels) + channel]);
    }
}
