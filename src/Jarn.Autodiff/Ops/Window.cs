using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>Concatenates the inputs along a dimension. The windows give the position of each.</summary>
public sealed class Concatenate(WindowGeometry[] windows, Shape shape) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(shape);
        for (int i = 0; i < inputs.Length; i++)
        {
            tape.Device.Place(inputs[i].Buffer, windows[i], y.Buffer);
        }
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [.. windows.Select((window, i) => needed[i] ? tape.SliceWindow(cotangents[0]!, window, node.Inputs[i].Shape) : null)];
}

public static partial class Operations
{
    /// <summary>Entries start … start+extent−1 of a dimension.</summary>
    public static Tensor Slice(this Tape tape, Tensor x, int dimension, int start, int extent) =>
        tape.SliceWindow(x, Window(x.Shape, dimension, start, extent), Resize(x.Shape, dimension, extent));

    /// <summary>Pads a dimension with zeros before and after.</summary>
    public static Tensor Pad(this Tape tape, Tensor x, int dimension, int before, int after)
    {
        Shape shape = Resize(x.Shape, dimension, before + x.Shape[dimension] + after);
        WindowGeometry window = Window(shape, dimension, before, x.Shape[dimension]);
        return tape.Apply(new LinearMap("pad", shape, (d, x, y) => PlaceInZeros(d, x, window, y), (d, y, x) => d.Slice(y, window, x)), x)[0];
    }

    /// <summary>Concatenates the inputs along a dimension. Their other dimensions must be equal.</summary>
    /// <exception cref="ArgumentException">The other dimensions differ.</exception>
    public static Tensor Concatenate(this Tape tape, int dimension, params Tensor[] inputs)
    {
        Shape shape = Resize(inputs[0].Shape, dimension, inputs.Sum(input => input.Shape[dimension]));
        WindowGeometry[] windows = new WindowGeometry[inputs.Length];
        int start = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            int extent = inputs[i].Shape[dimension];
            if (Resize(inputs[i].Shape, dimension, shape[dimension]) != shape)
            {
                throw new ArgumentException($"{inputs[i].Shape} and {inputs[0].Shape} can't be joined along dimension {dimension}");
            }
            windows[i] = Window(shape, dimension, start, extent);
            start += extent;
        }
        return tape.Apply(new Concatenate(windows, shape), inputs)[0];
    }

    internal static Tensor SliceWindow(this Tape tape, Tensor x, WindowGeometry window, Shape shape) =>
        tape.Apply(new LinearMap("slice", shape, (d, x, y) => d.Slice(x, window, y), (d, y, x) => PlaceInZeros(d, y, window, x)), x)[0];

    private static void PlaceInZeros(IDevice device, DeviceBuffer x, WindowGeometry window, DeviceBuffer y)
    {
        device.Fill(0, y);
        device.Place(x, window, y);
    }

    private static Shape Resize(Shape shape, int dimension, int extent)
    {
        int[] dimensions = shape.ToArray();
        dimensions[dimension] = extent;
        return new Shape(dimensions);
    }

    private static WindowGeometry Window(Shape shape, int dimension, int start, int extent)
    {
        int outer = 1;
        for (int d = 0; d < dimension; d++)
        {
            outer *= shape[d];
        }
        return new WindowGeometry(outer, shape[dimension], shape.Length / outer / shape[dimension], start, extent);
    }
}
