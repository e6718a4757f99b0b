using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <summary>
/// Kernels as PTX, without a driver or a GPU: what ILGPU gives NVIDIA's driver on compute capability 8.0 and later, which is the newest that it
/// writes for. Not thread-safe.
/// </summary>
public sealed class PtxCompiler : IDisposable
{
    private Context _context = CreateContext();

    /// <summary>PTX of version 8.0 for sm_80, one entry point with what it calls.</summary>
    /// <exception cref="InternalCompilerException">ILGPU can't compile it.</exception>
    public string Compile(GpuKernel kernel) => Compile(kernel.Method);

    /// <inheritdoc cref="Compile(GpuKernel)"/>
    public string Compile(MethodInfo kernel)
    {
        try
        {
            using PTXBackend backend = new(_context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);
            return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), KernelSpecialization.Empty)).PTXAssembly;
        }
        catch
        {
            // A compilation that fails poisons its context.
            _context.Dispose();
            _context = CreateContext();
            throw;
        }
    }

    public void Dispose() => _context.Dispose();

    private static Context CreateContext() => Context.Create(builder => GpuPlatform.Configure(builder));
}
