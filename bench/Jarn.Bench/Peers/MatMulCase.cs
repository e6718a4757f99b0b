using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>A matrix product without transposition.</summary>
internal sealed class MatMulCase : PeerCase
{
    private readonly MatMulGeometry _geometry;
    private readonly DeviceBuffer _a, _b, _c;

    public MatMulCase(IDevice device, int rows, int inner, int columns) : base(device)
    {
        _geometry = new MatMulGeometry(rows, columns, inner);
        (_a, _b, _c) = (Tensor("a", rows, inner), Tensor("b", inner, columns), Tensor("c", rows, columns));
    }

    public override void Run() => Device.MatMul(_a, _b, _geometry, _c);
}
