internal import CLinux
internal import CSeccomp
internal import Glibc

/// What the process may still do once contract code can run (js-runtime.md 5): compute, use memory, talk on its socket.
enum Sandbox {
    private static let allowed = [
        "read", "write", "close", "lseek", "pread64", "futex", "munmap", "mremap", "madvise", "brk", "exit",
        "exit_group", "rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "rt_sigsuspend", "sigaltstack",
        "tgkill",
        "gettid", "getpid", "sched_yield", "nanosleep", "clock_nanosleep", "clock_gettime", "getrandom",
        "membarrier", "set_robust_list", "rseq", "restart_syscall", "prctl", "sched_getaffinity",
        "sched_setscheduler", "sched_getparam", "sched_getscheduler", "getpriority", "setpriority",
    ]

    /// CLONE_THREAD of sched.h.
    private static let cloneThread: UInt64 = 0x10000

    /// Bounds what the kernel gives the process: no core file, no file growth, few descriptors.
    static func limitResources() {
        for (kind, value) in [(RLIMIT_CORE, 0), (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 16)] {
            var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
            unsafe setrlimit(__rlimit_resource_t(kind.rawValue), &limit)
        }
    }

    /// Closes the sandbox for all threads; false when the kernel refuses.
    static func close() -> Bool {
        guard let filter = unsafe seccomp_init(UInt32(SCMP_ACT_KILL_PROCESS)) else { return false }
        defer { unsafe seccomp_release(filter) }
        var isComplete = unsafe seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0
        func allow(_ name: String, _ action: UInt32 = UInt32(SCMP_ACT_ALLOW), _ tests: [scmp_arg_cmp] = []) {
            let number = unsafe seccomp_syscall_resolve_name(name)
            let status = unsafe seccomp_rule_add_array(filter, action, number, UInt32(tests.count), tests)
            if status != 0 { isComplete = false }
        }
        for name in allowed { allow(name) }
        let isNotExecutable = scmp_arg_cmp(
            arg: 2, op: SCMP_CMP_MASKED_EQ, datum_a: UInt64(PROT_EXEC), datum_b: 0)
        for name in ["mmap", "mprotect"] { allow(name, UInt32(SCMP_ACT_ALLOW), [isNotExecutable]) }
        // The allocator's helper thread comes and goes. glibc falls back to clone, whose flags can be looked at.
        let isThread = scmp_arg_cmp(
            arg: 0, op: SCMP_CMP_MASKED_EQ, datum_a: cloneThread, datum_b: cloneThread)
        allow("clone", UInt32(SCMP_ACT_ALLOW), [isThread])
        allow("clone3", 0x0005_0000 | UInt32(ENOSYS))
        let isHostSocket = scmp_arg_cmp(arg: 0, op: SCMP_CMP_EQ, datum_a: 3, datum_b: 0)
        let hasNoAddress = scmp_arg_cmp(arg: 4, op: SCMP_CMP_EQ, datum_a: 0, datum_b: 0)
        allow("sendto", UInt32(SCMP_ACT_ALLOW), [isHostSocket, hasNoAddress])
        return unsafe isComplete && seccomp_load(filter) == 0
    }
}
