import { Validations } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { CfnService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Where containers are, and what reaches them: nothing. */
export function networkOf(
  scope: Construct,
  { vpc }: Settings,
): CfnService.AwsVpcConfigurationProperty {
  if (vpc !== null)
    return {
      subnets: vpc.subnetIds,
      securityGroups: vpc.securityGroupIds,
      assignPublicIp: 'DISABLED',
    };
  const own = ownNetwork(scope);
  const group = new SecurityGroup(scope, 'Outbound', {
    vpc: own,
    description: 'Containers of the crawler ask; nobody asks them.',
  });
  return {
    subnets: own.publicSubnets.map(({ subnetId }) => subnetId),
    securityGroups: [group.securityGroupId],
    assignPublicIp: 'ENABLED',
  };
}

/** Public subnets without a NAT: one costs by the GB, and pictures are many. */
function ownNetwork(scope: Construct): Vpc {
  const vpc = new Vpc(scope, 'Network', {
    ipAddresses: IpAddresses.cidr('10.71.0.0/16'),
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 20 }],
    gatewayEndpoints: {
      S3: { service: GatewayVpcEndpointAwsService.S3 },
      DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
    },
  });
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions-VPC7',
    reason: 'A flow of each request to each site would cost more than the crawl, and says no more.',
  });
  return vpc;
}
