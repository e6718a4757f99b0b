using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Jarn.Kernels;

namespace Jarn.Tests.Ptx;

/// <summary>
/// From C# to PTX and through the interpreter: arguments of every layout, and the instructions that kernels get from ILGPU or write themselves.
/// </summary>
public sealed class CompiledKernelTests
{
    private const int Threads = 64;

    private readonly record struct Empty;

    private readonly record struct Small(byte Flag, short Number);

    private readonly record struct Tail(long Long, byte Last);

    private readonly record struct Nested(Small Small, Tail Tail, float Float);

    private readonly record struct LayoutArguments(
        Empty Empty, byte Byte, Nested Nested, bool Bool, double Double, ArrayView<float> Unused, uint UInt, Small Again,
        ArrayView<float> Result) : IKernelArguments;

    private readonly record struct Arguments(ArrayView<float> X, ArrayView<float> Y) : IKernelArguments;

    private static void Layout(LayoutArguments p)
    {
        p.Result[0] = p.Byte;
        p.Result[1] = p.Nested.Small.Flag;
        p.Result[2] = p.Nested.Small.Number;
        p.Result[3] = p.Nested.Tail.Long;
        p.Result[4] = p.Nested.Tail.Last;
        p.Result[5] = p.Nested.Float;
        p.Result[6] = p.Bool ? 1f : 0f;
        p.Result[7] = (float)p.Double;
        p.Result[8] = p.Unused.Length;
        p.Result[9] = p.UInt;
        p.Result[10] = p.Again.Number;
        p.Result[11] = p.Result.Length;
    }

    /// <summary>A tree over lanes by shuffles, then over warps in shared memory.</summary>
    private static void SumOfGroup(Arguments p)
    {
        ArrayView<float> shared = ILGPU.SharedMemory.Allocate<float>(Threads / 32);
        float sum = p.X[Grid.GlobalLinearIndex];
        for (int distance = 16; distance > 0; distance /= 2)
        {
            sum += ILGPU.Warp.ShuffleXor(sum, distance);
        }
        if (ILGPU.Warp.IsFirstLane)
        {
            shared[Group.IdxX / 32] = sum;
        }
        Group.Barrier();
        p.Y[Grid.GlobalLinearIndex] = shared[0] + shared[1];
    }

    /// <summary>An array indexed by a loop's counter: ILGPU puts it in local memory.</summary>
    private static void Reverse(Arguments p)
    {
        ArrayView<float> local = LocalMemory.Allocate1D<float>(8);
        for (int i = 0; i < 8; i++)
        {
            local[i] = p.X[(Grid.GlobalLinearIndex * 8) + i];
        }
        for (int i = 0; i < 8; i++)
        {
            p.Y[(Grid.GlobalLinearIndex * 8) + i] = local[7 - i];
        }
    }

    /// <summary>Named registers and shared memory of inline PTX, as the tensor cores' kernels have them.</summary>
    private static void InlineProduct(Arguments p)
    {
        CudaAsm.Emit(".shared .align 16 .b8 inline_tile[512];");
        CudaAsm.Emit(".reg .f32 acc<4>;");
        CudaAsm.Emit(".reg .b32 fragment<6>, tile_at;");
        CudaAsm.Emit("mov.u32 tile_at, inline_tile;");
        CudaAsm.Emit("mov.f32 acc0, 0f00000000; mov.f32 acc1, 0f00000000; mov.f32 acc2, 0f00000000; mov.f32 acc3, 0f00000000;");
        CudaAsm.Emit("mad.lo.u32 tile_at, %0, 4, tile_at;", Group.IdxX);
        CudaAsm.Emit("st.shared.f32 [tile_at], %0;", p.X[Group.IdxX]);
        Group.Barrier();
        CudaAsm.Emit("ld.shared.b32 fragment0, [tile_at+0];");
        CudaAsm.Emit("cvt.rna.tf32.f32 fragment1, %0;", p.X[Group.IdxX]);
        CudaAsm.Emit("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {acc0,acc1,acc2,acc3}, {fragment0,fragment0,fragment0,fragment0}, "
            + "{fragment1,fragment1}, {acc0,acc1,acc2,acc3};");
        CudaAsm.Emit("mov.f32 %0, acc0;", out float result);
        p.Y[Group.IdxX] = result;
    }

    [Test]
    public void Arguments_lie_where_the_kernel_reads_them()
    {
        using Memory memory = new(12);
        new PtxLauncher().Launch(Layout, 1, 1, new LayoutArguments(
            default, 1, new Nested(new Small(2, -3), new Tail(4, 5), 6), true, 7, memory.X.SubView(0, 8), 9, new Small(0, 10), memory.Y));
        Assert.That(memory.Result(), Is.EqualTo(new float[] { 1, 2, -3, 4, 5, 6, 1, 7, 8, 9, 10, 12 }));
    }

    [Test]
    public void A_sum_by_shuffles_and_shared_memory()
    {
        using Memory memory = new(3 * Threads);
        new PtxLauncher().Launch(SumOfGroup, 3, Threads, new Arguments(memory.X, memory.Y));
        Assert.That(
            memory.Result(), Is.EqualTo(Enumerable.Range(0, 3 * Threads).Select(i => (float)Enumerable.Range(i / Threads * Threads, Threads).Sum())));
    }

    [Test]
    public void An_array_in_local_memory()
    {
        using Memory memory = new(16 * 8);
        new PtxLauncher().Launch(Reverse, 2, 8, new Arguments(memory.X, memory.Y));
        Assert.That(PtxLauncher.TextOf(((Action<Arguments>)Reverse).Method), Does.Contain(".local"));
        Assert.That(memory.Result(), Is.EqualTo(Enumerable.Range(0, 16 * 8).Select(i => (float)((i / 8 * 8) + 7 - (i % 8)))));
    }

    [Test]
    public void Inline_PTX()
    {
        using Memory memory = new(32);
        new PtxLauncher().Launch(InlineProduct, 1, 32, new Arguments(memory.X, memory.Y));
        // a[row][k] is the number of lane 4·(row mod 8) + k mod 4, b[k][column] that of lane 4·column + k mod 4; row is lane / 4, column 2·(lane mod
        // 4).
        Assert.That(memory.Result(), Is.EqualTo(Enumerable.Range(0, 32).Select(lane =>
            Enumerable.Range(0, 8).Sum(k => (float)((lane / 4 * 4) + (k % 4)) * ((4 * (2 * (lane % 4))) + (k % 4))))));
    }

    [Test]
    public void A_view_that_is_too_short_is_named()
    {
        // From the middle: whatever lies beside the buffer is further away than the view.
        using Memory memory = new(3 * Threads);
        Assert.That(() => new PtxLauncher().Launch(SumOfGroup, 1, Threads, new Arguments(memory.X.SubView(Threads, Threads - 1), memory.Y)),
            Throws.TypeOf<PtxException>().With.Message.Match("SumOfGroup: 'ld.global.*thread 63: reads 4 bytes.*252 bytes into one of 252 bytes"));
    }

    /// <summary>Buffers of the accelerator that lends the interpreter its memory; x holds 0, 1, 2, …</summary>
    private sealed class Memory : IDisposable
    {
        private readonly Context _context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia));
        private readonly CPUAccelerator _accelerator;
        private readonly MemoryBuffer1D<float, Stride1D.Dense> _x, _y;

        public Memory(int length)
        {
            _accelerator = _context.GetDevice<CPUDevice>(0).CreateCPUAccelerator(_context);
            _x = _accelerator.Allocate1D([.. Enumerable.Range(0, length).Select(i => (float)i)]);
            _y = _accelerator.Allocate1D<float>(length);
        }

        public ArrayView<float> X => _x.View.AsContiguous();

        public ArrayView<float> Y => _y.View.AsContiguous();

        public float[] Result() => _y.GetAsArray1D();

        public void Dispose()
        {
            _x.Dispose();
            _y.Dispose();
            _accelerator.Dispose();
            _context.Dispose();
        }
    }
}
