namespace Jarn.Kernels;

/// <summary>
/// The one argument of a kernel, a struct: ILGPU passes at most 14 parameters. Every static method with such a parameter is a
/// kernel; the catalogue finds them all by it.
/// </summary>
internal interface IKernelArguments;
