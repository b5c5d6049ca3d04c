#include <JavaScriptCore/JavaScript.h>
#include <stdbool.h>

// Exported by the library, absent from the installed headers.
typedef bool (*JSShouldTerminateCallback)(JSContextRef context, void *data);
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef, double seconds, JSShouldTerminateCallback, void *data);
void JSContextGroupClearExecutionTimeLimit(JSContextGroupRef);
void JSGlobalContextSetEvalEnabled(JSGlobalContextRef, bool enabled, JSStringRef message);
void JSSynchronousGarbageCollectForDebugging(JSContextRef);
void JSLock(JSContextRef);
void JSUnlock(JSContextRef);
