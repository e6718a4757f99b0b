namespace Jarn.Kernels;

/// <summary>
/// What every device computes. A method reads its input buffers and overwrites its output buffers, which must not overlap the inputs
/// unless it says so; a geometry gives the shapes. Lengths that contradict the geometry throw an <see cref="ArgumentException"/>.
/// A device is used by one thread at a time. Calls take effect in order; only downloads and <see cref="Synchronize"/> wait.
/// The same calls give the same bits, whatever the number of threads.
/// </summary>
public interface IDevice : IDisposable
{
    /// <summary>What it is.</summary>
    DeviceDescription Description { get; }

    /// <summary>What its buffers hold.</summary>
    MemoryUse Memory { get; }

    /// <summary>A buffer with undefined contents; dispose it to give it back.</summary>
    DeviceBuffer Allocate(int length);

    /// <summary>What disposing a buffer calls.</summary>
    void Release(DeviceBuffer buffer);

    /// <summary>Copies numbers to the device, rounded or widened to its precision.</summary>
    void Upload(ReadOnlySpan<float> source, DeviceBuffer destination);

    /// <summary>Copies numbers to the device, rounded to its precision.</summary>
    void Upload(ReadOnlySpan<double> source, DeviceBuffer destination);

    /// <summary>Copies numbers from the device, after all work before it.</summary>
    void Download(DeviceBuffer source, Span<float> destination);

    /// <summary>Copies numbers from the device, after all work before it.</summary>
    void Download(DeviceBuffer source, Span<double> destination);

    /// <summary>Waits until all work is done.</summary>
    void Synchronize();

    /// <summary>y = value</summary>
    void Fill(double value, DeviceBuffer y);

    /// <summary>y = f(x), elementwise; y may be x.</summary>
    void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction;

    /// <summary>y[o,a,i] = f(x[o,a,i], s[o,i]): s is repeated along the middle axis; y may be x, and with an axis of 1 it may be s.</summary>
    void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction;

    /// <summary>y[o,i] = Σₐ x[o,a,i]</summary>
    void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y);

    /// <summary>y[o,a,i] = x[o,i], the adjoint of <see cref="Sum"/>.</summary>
    void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y);

    /// <summary>y[o,l,i] = x[o,start+l,i]</summary>
    void Slice(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y);

    /// <summary>y[o,start+l,i] = x[o,l,i]; the rest of y stays as it is. On a y of zeros the adjoint of <see cref="Slice"/>.</summary>
    void Place(DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y);

    /// <summary>C = op(A)·op(B), op the transpose where the geometry says so.</summary>
    void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c);

    /// <summary>y[n,p,q,k] = Σ x[n, p·s−top+r, q·s−left+t, c]·w[r,t,c,k], x zero outside.</summary>
    void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output);

    /// <summary>The x̄ with ⟨x̄, x⟩ = ⟨ȳ, y(x, w)⟩ for all x.</summary>
    void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent);

    /// <summary>The w̄ with ⟨w̄, w⟩ = ⟨ȳ, y(x, w)⟩ for all w.</summary>
    void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent);

    /// <summary>
    /// z = γ(x−μ)r + β with the batch's own μ and r = (σ²+ε)^-½ a channel, and y = z where z &gt; 0, slope·z elsewhere; mean receives μ,
    /// reciprocalDeviation r.
    /// </summary>
    void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation);

    /// <summary>The cotangents of x, γ and β, those of y given; μ and r are differentiated through.</summary>
    void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent);

    /// <summary>
    /// The derivative of <see cref="BatchNormGradient"/>: the cotangents of x, γ and ȳ, given those of its three outputs.
    /// </summary>
    void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent);

    /// <summary>The mean of each window.</summary>
    void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y);

    /// <summary>The adjoint of <see cref="AveragePool"/>: each window of x receives y's element divided by the window's area, the rest 0.</summary>
    void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x);

    /// <summary>y[row,·] = exp x[row,·] / Σ exp x[row,·], without overflow.</summary>
    void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y);

    /// <summary>The cotangent of x, g of the softmax y given: y(g − Σgy) along the row.</summary>
    void SoftmaxGradient(DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent);

    /// <summary>loss[row] = −Σ y·log softmax(z), with z the row's logits and y its labels, which may be any numbers.</summary>
    void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss);

    /// <summary>The cotangent of the logits, g[row] of the row's loss given: g(p·Σy − y) with p = softmax(z).</summary>
    void CrossEntropyGradient(DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent);

    /// <summary>
    /// y[row,·] = (x − mean)·r along the row, with the reciprocal norm r[row] = 1/max(‖x − mean‖₂, ε).
    /// </summary>
    void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm);

    /// <summary>
    /// The cotangent of x, g of y given: r(g − mean g − y·Σgy), without the last term where r is the bound 1/ε. It is linear in g and its own adjoint.
    /// </summary>
    void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent);

    /// <summary>y[i] uniform in [low, high): the same numbers on every device up to rounding.</summary>
    void RandomUniform(RandomKey key, double low, double high, DeviceBuffer y);

    /// <summary>y[i] normal: the same numbers on every device up to rounding.</summary>
    void RandomNormal(RandomKey key, double mean, double standardDeviation, DeviceBuffer y);

    /// <summary>velocity ← momentum·velocity + (gradient + decay·parameter); parameter ← parameter − rate·velocity</summary>
    void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity);

    /// <summary>One step of Adam (Kingma and Ba 2015) on gradient + decay·parameter.</summary>
    void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment);

    /// <summary>y = clip₀₁(clip(x + step·sign(gradient), origin − ε, origin + ε)); y may be x.</summary>
    void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y);
}
