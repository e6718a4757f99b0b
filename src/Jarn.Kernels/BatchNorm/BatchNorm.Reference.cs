namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void BatchNorm(in BatchNormCall call)
    {
        (DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry, DeviceBuffer y, DeviceBuffer mean,
            DeviceBuffer reciprocalDeviation) = call;
        (int samples, int channels, double epsilon, double slope) = geometry;
        Span<double> xs = Span(x), ys = Span(y), gammas = Span(gamma), betas = Span(beta), means = Span(mean), deviations = Span(reciprocalDeviation);
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0;
            for (int i = c; i < xs.Length; i += channels)
            {
                sum += xs[i];
            }
            double mu = sum / samples;
            for (int i = c; i < xs.Length; i += channels)
            {
                squares += (xs[i] - mu) * (xs[i] - mu);
            }
            double r = 1 / Math.Sqrt((squares / samples) + epsilon);
            for (int i = c; i < xs.Length; i += channels)
            {
                double z = (gammas[c] * (xs[i] - mu) * r) + betas[c];
                ys[i] = z > 0 ? z : slope * z;
            }
            means[c] = mu;
            deviations[c] = r;
        }
    }

    /// <remarks>
    /// With x̂ = (x−μ)r, s the leaky ReLU's slope at γx̂ + β and g = s·ȳ; m samples, Sg = Σg and Sgx = Σg·x̂: β̄ = Sg, γ̄ = Sgx,
    /// x̄ = γr(g − Sg/m − x̂·Sgx/m).
    /// </remarks>
    internal void BatchNormGradient(in BatchNormGradientCall call)
    {
        (BatchNormGradientInputs inputs, BatchNormGeometry geometry, DeviceBuffer xCotangent, DeviceBuffer gammaCotangent,
            DeviceBuffer betaCotangent) = call;
        int m = geometry.Samples, channels = geometry.Channels;
        Span<double> x = Span(inputs.X), gamma = Span(inputs.Gamma), output = Span(inputs.OutputCotangent);
        Span<double> mean = Span(inputs.Mean), deviation = Span(inputs.ReciprocalDeviation), beta = Span(inputs.Beta);
        Span<double> xBar = Span(xCotangent), gammaBar = Span(gammaCotangent), betaBar = Span(betaCotangent);
        for (int c = 0; c < channels; c++)
        {
            double mu = mean[c], r = deviation[c], sg = 0, sgx = 0;
            for (int i = c; i < x.Length; i += channels)
            {
                double xHat = (x[i] - mu) * r, g = ((gamma[c] * xHat) + beta[c] > 0 ? 1 : geometry.Slope) * output[i];
                sg += g;
                sgx += g * xHat;
            }
            for (int i = c; i < x.Length; i += channels)
            {
                double xHat = (x[i] - mu) * r, g = ((gamma[c] * xHat) + beta[c] > 0 ? 1 : geometry.Slope) * output[i];
                xBar[i] = gamma[c] * r * (g - (sg / m) - (xHat * sgx / m));
            }
            gammaBar[c] = sgx;
            betaBar[c] = sg;
        }
    }

    /// <remarks>
    /// With cotangents v of x̄, a of γ̄, b of β̄, and Sv = Σv, Svx = Σv·x̂, Svg = Σv·g:
    /// Q = Svg − Sv·Sg/m − Svx·Sgx/m, and the cotangent of γ is r·Q, that of ȳ is s·[γr(v − Sv/m − x̂·Svx/m) + a·x̂ + b];
    /// with α = a − γr·Svx/m and δ = −γr·Sgx/m, that of x is r[αg + δv − (α·Sg + δ·Sv)/m − x̂((α·Sgx + δ·Svx)/m + γr·Q/m)].
    /// </remarks>
    internal void BatchNormGradientGradient(in BatchNormGradientGradientCall call)
    {
        (BatchNormGradientInputs inputs, BatchNormSecondCotangents cotangents, BatchNormGeometry geometry, DeviceBuffer xCotangent,
            DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent) = call;
        int m = geometry.Samples, channels = geometry.Channels;
        Span<double> x = Span(inputs.X), gamma = Span(inputs.Gamma), output = Span(inputs.OutputCotangent);
        Span<double> mean = Span(inputs.Mean), deviation = Span(inputs.ReciprocalDeviation), beta = Span(inputs.Beta);
        Span<double> v = Span(cotangents.X), a = Span(cotangents.Gamma), b = Span(cotangents.Beta);
        Span<double> xBar = Span(xCotangent), gammaBar = Span(gammaCotangent), gBar = Span(outputCotangentCotangent);
        for (int c = 0; c < channels; c++)
        {
            double mu = mean[c], r = deviation[c];
            double sg = 0, sgx = 0, sv = 0, svx = 0, svg = 0;
            for (int i = c; i < x.Length; i += channels)
            {
                double xHat = (x[i] - mu) * r, g = ((gamma[c] * xHat) + beta[c] > 0 ? 1 : geometry.Slope) * output[i];
                sg += g;
                sgx += g * xHat;
                sv += v[i];
                svx += v[i] * xHat;
                svg += v[i] * g;
            }
            double q = svg - (sv * sg / m) - (svx * sgx / m);
            double alpha = a[c] - (gamma[c] * r * svx / m);
            double delta = -gamma[c] * r * sgx / m;
            for (int i = c; i < x.Length; i += channels)
            {
                double xHat = (x[i] - mu) * r, s = (gamma[c] * xHat) + beta[c] > 0 ? 1 : geometry.Slope;
                gBar[i] = s * ((gamma[c] * r * (v[i] - (sv / m) - (xHat * svx / m))) + (a[c] * xHat) + b[c]);
                xBar[i] = r * ((alpha * s * output[i]) + (delta * v[i]) - (((alpha * sg) + (delta * sv)) / m)
                    - (xHat * (((alpha * sgx) + (delta * svx)) / m + (gamma[c] * r * q / m))));
            }
            gammaBar[c] = r * q;
        }
    }
}
