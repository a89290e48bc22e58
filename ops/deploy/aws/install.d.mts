export declare function installAws(): string | undefined
